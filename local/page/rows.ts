// What the page reads of rows: texts, instants, and the names of rows that lookups point to.

import type { Organization } from '../dataverse/src/organization.ts';
import { label, primaryName } from '../dataverse/src/rows/annotations.ts';
import type { Ref, Row } from '../dataverse/src/store/row.ts';
import { isRef } from '../dataverse/src/store/row.ts';

const FRENCH = 1036;

/** A filled text; spaces alone are none. */
export function text(row: Row, column: string): string | undefined {
  const value = row.values[column];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function number(row: Row, column: string): number | undefined {
  const value = row.values[column];
  return typeof value === 'number' ? value : undefined;
}

export function reference(row: Row, column: string): Ref | undefined {
  const value = row.values[column];
  return isRef(value) ? value : undefined;
}

export function nameOf(organization: Organization, ref: Ref): string {
  return primaryName(organization, ref.table, ref.id)?.trim() || '(sans nom)';
}

/** The French label of a choice; its number when the choice does not know it. */
export function optionLabel(organization: Organization, row: Row, column: string): string | undefined {
  const value = number(row, column);
  if (value === undefined) return undefined;
  const options = organization.schema.table(row.table)?.columns.get(column)?.options;
  return label(options?.get(value)?.labels, FRENCH) ?? String(value);
}

/** Rows of a table whose lookup points to a row. Uses the index that every lookup has. */
export function pointingTo(
  organization: Organization,
  { table, column }: { table: string; column: string },
  id: string,
) {
  return organization.schema.table(table) === undefined ? [] : organization.store.lookup(table, column, id);
}

/** In the order of a French dictionary. */
export const inFrench = new Intl.Collator('fr');
