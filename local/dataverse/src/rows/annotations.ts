// Annotations on request. Microsoft Learn, "Select columns", "Formatted values" and "Lookup property data".

import type { Organization } from '../organization.ts';
import { baseLanguage } from '../organization.ts';
import type { Column, Labels } from '../schema/model.ts';
import { isLookup } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import type { Row, Value } from '../store/row.ts';
import { isRef } from '../store/row.ts';

const FORMATTED = 'OData.Community.Display.V1.FormattedValue';
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty';
const LOGICAL_NAME = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** Annotation names and values of one column of one row; none for an empty column. */
export function* annotations(organization: Organization, column: Column, row: Row): Iterable<[string, string]> {
  const value = row.values[column.name] ?? null;
  if (value === null) return;
  if (isLookup(column)) {
    if (!isRef(value)) return;
    const name = primaryName(organization, value.table, value.id);
    const relationship = organization.schema
      .known(row.table)
      .relationships.find((candidate) => candidate.column === column.name && targets(candidate).includes(value.table));
    if (relationship !== undefined) yield [NAVIGATION, relationship.navigationProperty];
    yield [LOGICAL_NAME, value.table];
    if (name !== undefined) yield [FORMATTED, name];
    return;
  }
  const formatted = format(organization, column, value);
  if (formatted !== undefined) yield [FORMATTED, formatted];
}

/** Formatted text of an option, a yes/no, a number or a date; texts and ids have none. Dates follow the base language, in Paris time [inference]. */
function format(organization: Organization, column: Column, value: Value): string | undefined {
  const language = baseLanguage(organization);
  if (column.options !== undefined) return label(column.options.get(Number(value))?.labels, language);
  const locale = language === 1036 ? 'fr-FR' : 'en-US';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return value.toLocaleString(locale);
  if (column.type !== 'DateTime' || typeof value !== 'string') return undefined;
  return DATE_FORMATS[locale][column.format === 'DateOnly' ? 'date' : 'dateTime'].format(new Date(value));
}

function dateFormats(locale: string) {
  return {
    date: new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }),
    dateTime: new Intl.DateTimeFormat(locale, { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' }),
  };
}

/** Made once: a formatter costs more than all that it formats for a row. */
const DATE_FORMATS = { 'fr-FR': dateFormats('fr-FR'), 'en-US': dateFormats('en-US') };

/** The label in a language, else in any. */
export function label(labels: Labels | undefined, language: number): string | undefined {
  return labels?.get(language) ?? [...(labels?.values() ?? [])][0];
}

export function primaryName(organization: Organization, table: string, id: string): string | undefined {
  const name = organization.schema.table(table)?.primaryName;
  const value = name === undefined ? undefined : organization.store.get(table, id)?.values[name];
  return typeof value === 'string' ? value : undefined;
}
