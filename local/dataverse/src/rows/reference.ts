// From a URL to the row it names: request paths, `@odata.bind`, `@odata.id`, alternate keys.
// Microsoft Learn: "Use an alternate key to reference a record", "Associate and disassociate table rows".

import { badRequest, keyNotDefined, noRowWithKey, payloadError, rowDoesNotExist, unknownResource } from '../errors.ts';
import type { Json } from '../json.ts';
import type { KeyValue } from '../odata/path.ts';
import { belowServiceRoot, guidKey, keyValues, parsePath } from '../odata/path.ts';
import { fold } from '../odata/shape.ts';
import type { Organization } from '../organization.ts';
import type { AlternateKey, Table } from '../schema/model.ts';
import { isLookup } from '../schema/model.ts';
import type { Ref, Row, Value, Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import { toStored } from './values.ts';

/** What a key predicate says: a primary key, or values of an alternate key. */
export type RowKey =
  | { readonly id: string }
  | { readonly key: AlternateKey; readonly values: Readonly<Record<string, Value>> };

/** Reads `(guid)`, `(primarykey=guid)` or `(column='value',…)`. */
export function parseRowKey(organization: Organization, table: Table, argument: string): RowKey {
  const id = guidKey(argument);
  if (id !== undefined) return { id };
  const pairs = keyValues(argument);
  const [first] = pairs;
  if (pairs.length === 1 && first?.name === table.primaryId) {
    const named = guidKey(first.text);
    if (named === undefined) throw badRequest(`Unrecognized 'Edm.Guid' literal '${first.text}' in '${argument}'.`);
    return { id: named };
  }
  return alternateKey(organization, table, pairs);
}

// Microsoft Learn, "Define alternate keys": GET and PATCH by a key that holds one of these do not work.
const UNUSABLE = /[/<>*%&:\\?+]/;

function alternateKey(organization: Organization, table: Table, pairs: readonly KeyValue[]): RowKey {
  const columns = pairs.map((pair) => /^_(.+)_value$/.exec(pair.name)?.[1] ?? pair.name);
  const key = [...table.keys.values()].find(
    (candidate) =>
      candidate.columns.length === columns.length && candidate.columns.every((name) => columns.includes(name)),
  );
  if (key === undefined || key.status !== 'Active') throw keyNotDefined(table.logicalName);
  const values: Record<string, Value> = {};
  for (const [index, pair] of pairs.entries()) {
    const name = columns[index] ?? '';
    const unusable = pair.quoted ? UNUSABLE.exec(pair.text)?.[0] : undefined;
    if (unusable !== undefined) {
      throw badRequest(`A potentially dangerous Request.Path value was detected from the client (${unusable}).`, '0x0');
    }
    values[name] = keyValue(organization, table, { ...pair, name });
  }
  return { key, values };
}

function keyValue(organization: Organization, table: Table, pair: KeyValue): Value {
  const column = table.columns.get(pair.name);
  if (column === undefined) throw keyNotDefined(table.logicalName);
  if (isLookup(column)) {
    const id = guidKey(pair.text) ?? '';
    const target = column.targets?.find((candidate) => organization.store.get(candidate, id) !== undefined);
    return { table: target ?? column.targets?.[0] ?? '', id };
  }
  // Texts and dates are quoted or not by type; numbers never are (Microsoft's client, ParseAltKeyCollection).
  const isText = column.type === 'String';
  if (isText !== pair.quoted && column.type !== 'DateTime') {
    throw badRequest(`Bad Request - Error in query syntax: '${pair.name}' has a value of the wrong type.`);
  }
  const json: Json = isText || column.type === 'DateTime' ? pair.text : Number(pair.text);
  return toStored(table, column, json);
}

/** Index key of a row under an alternate key; undefined when a column is empty: such rows are not unique [inference]. */
export function indexKey(key: AlternateKey, values: Values): string | undefined {
  const parts: string[] = [];
  for (const column of key.columns) {
    const value = values[column] ?? null;
    if (value === null) return undefined;
    parts.push(isRef(value) ? value.id : typeof value === 'string' ? fold(value) : String(value));
  }
  return JSON.stringify(parts);
}

export function findRow(organization: Organization, table: Table, rowKey: RowKey): Row | undefined {
  if ('id' in rowKey) return organization.store.get(table.logicalName, rowKey.id);
  const key = indexKey(rowKey.key, rowKey.values);
  return key === undefined ? undefined : organization.store.lookup(table.logicalName, rowKey.key.schemaName, key)[0];
}

/** The row, or 404 with the code that tells a primary key from an alternate one. */
export function requireRow(organization: Organization, table: Table, rowKey: RowKey): Row {
  const row = findRow(organization, table, rowKey);
  if (row !== undefined) return row;
  throw 'id' in rowKey ? rowDoesNotExist(table.logicalName, rowKey.id) : noRowWithKey(table.logicalName);
}

/** The row named by `@odata.bind` or `@odata.id`; it must exist and be of one of the accepted tables. */
export function resolveReference(
  organization: Organization,
  url: Json | undefined,
  { accepted, from }: { accepted: readonly string[]; from: Table },
): Ref {
  const path = typeof url === 'string' ? belowServiceRoot(url) : undefined;
  if (path === undefined)
    throw payloadError(from.entitySetName, `The value '${String(url)}' is not a valid entity reference.`);
  const [segment, ...rest] = parsePath(path);
  if (segment?.argument === undefined || rest.length > 0) {
    throw payloadError(from.entitySetName, `The URI '${String(url)}' is not a valid entity reference link.`);
  }
  const table = organization.schema.entitySet(segment.name);
  if (table === undefined) throw unknownResource(segment.name);
  if (!accepted.includes(table.logicalName)) {
    throw payloadError(
      from.entitySetName,
      `A resource of type 'Microsoft.Dynamics.CRM.${table.logicalName}' was found where one of '${accepted.join(', ')}' is expected.`,
    );
  }
  const row = requireRow(organization, table, parseRowKey(organization, table, segment.argument));
  return { table: row.table, id: row.id };
}
