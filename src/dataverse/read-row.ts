// What every row has: an id, a version, columns.
import * as z from 'zod';
import { lookupOf, tables, type WrittenTable } from '../schema/tables.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Etag, Row } from '../sync/model/rows.ts';
import type { Value } from '../sync/model/values.ts';
import { readReference } from './navigation.ts';

export const guid = z.string().transform((value) => value.toLowerCase() as Guid);
// The version number is a 64-bit integer; its text is only ever compared by the server.
export const versionNumber = z.union([z.number(), z.string()]).transform((value) => `W/"${value}"` as Etag);

// dynamics-web-api turns a text that looks like an instant into a Date.
export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null(), z.date()]).optional();
export const row = z.looseObject({});

/** Reads a row of any table. */
export function readRow(table: WrittenTable, answer: unknown, columns: readonly string[]): Row {
  const found = row.parse(answer);
  return {
    id: guid.parse(found[tables[table].primaryKey]),
    etag: versionNumber.parse(found['versionnumber']),
    columns: Object.fromEntries(columns.map((column) => [column, columnValue(table, found, column)])),
  };
}

function columnValue(table: WrittenTable, answer: Record<string, unknown>, column: string): Value {
  const lookup = lookupOf(table, column);
  if (lookup !== undefined) return readReference(answer, column, lookup);
  const read = scalar.parse(answer[column]);
  return read instanceof Date ? toText(read) : (read ?? null);
}

/** An instant to the second, `2026-01-02T03:04:05Z`. */
export function toText(value: z.infer<typeof scalar>): string | null {
  if (value == null) return null;
  return value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : String(value);
}
