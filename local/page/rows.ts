// What the page reads of rows: texts, names, and the words that a person sees for the value of a column.

import { label, primaryName } from '../dataverse/src/rows/annotations.ts';
import type { Column } from '../dataverse/src/schema/model.ts';
import type { Ref, Row } from '../dataverse/src/store/row.ts';
import { isRef } from '../dataverse/src/store/row.ts';
import { dateAndTime, plainDate } from './dates.ts';
import { languageCode, locale, type Reader, say } from './reader.ts';
import { frenchState } from './standard-labels.ts';

/** A filled text; spaces alone are none. */
export function text(row: Row, column: string): string | undefined {
  const value = row.values[column];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function reference(row: Row, column: string): Ref | undefined {
  const value = row.values[column];
  return isRef(value) ? value : undefined;
}

export const columnOf = ({ organization }: Reader, table: string, name: string): Column | undefined =>
  organization.schema.table(table)?.columns.get(name);

export function nameOf({ organization, ...reader }: Reader, ref: Ref): string {
  const name = organization.schema.table(ref.table) && primaryName(organization, ref.table, ref.id)?.trim();
  return name || say({ organization, ...reader }, '(sans nom)', '(no name)');
}

/** What a choice calls a value; the number when the choice does not know it. */
export function optionLabel(reader: Reader, column: Column, value: number): string {
  const found = label(column.options?.get(value)?.labels, languageCode(reader)) ?? String(value);
  return (reader.lang === 'fr' ? frenchState(column, found) : undefined) ?? found;
}

/** The value of a column in words; empty when there is none. */
export function wordsOf(reader: Reader, row: Row, name: string): string {
  const value = row.values[name] ?? null;
  const column = columnOf(reader, row.table, name);
  if (value === null || column === undefined) return '';
  if (isRef(value)) return nameOf(reader, value);
  if (typeof value === 'number')
    return column.options ? optionLabel(reader, column, value) : value.toLocaleString(locale(reader));
  if (typeof value === 'boolean') return value ? say(reader, 'Oui', 'Yes') : say(reader, 'Non', 'No');
  if (column.type !== 'DateTime') return value;
  return isDateOnly(column) ? plainDate(reader, value) : dateAndTime(reader, value);
}

export const isDateOnly = ({ type, format }: Column): boolean => type === 'DateTime' && format === 'DateOnly';

/** In the order of a dictionary. */
export const alphabetical = (reader: Reader): Intl.Collator => new Intl.Collator(locale(reader), { numeric: true });
