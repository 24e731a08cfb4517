// Alternate keys. Microsoft Learn, "Define alternate keys for a table": column types, 10 keys a table, 16 columns a key.
// The index is built at once here: Active, or Failed when rows already collide; never Pending.

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import { indexKey } from '../rows/reference.ts';
import type { AlternateKey, Table } from '../schema/model.ts';
import { readLabels } from './labels.ts';
import { addToSolution, COMPONENT, checkPrefix } from './solutions.ts';

const KEY_TYPES = new Set(['Decimal', 'Integer', 'String', 'DateTime', 'Lookup', 'Picklist', 'Customer', 'Owner']);

export function createKey(call: Call, table: Table, body: JsonObject): AlternateKey {
  const { organization } = call.context;
  const schemaName = text(body, 'SchemaName');
  const columns = Array.isArray(body['KeyAttributes']) ? body['KeyAttributes'].map(String) : [];
  if (schemaName === undefined || columns.length === 0 || columns.length > 16)
    throw invalidArgument('A key needs a SchemaName and 1 to 16 KeyAttributes.');
  checkPrefix(call, schemaName);
  if (table.keys.has(schemaName))
    throw new DataverseError(400, '0x80060893', 'Specified entity key name already exists');
  if (table.keys.size >= 10) throw invalidArgument('A table can have at most 10 keys.');
  for (const name of columns) {
    if (!KEY_TYPES.has(table.columns.get(name)?.type ?? ''))
      throw invalidArgument(`The column ${name} cannot be part of a key.`);
  }
  const sorted = [...columns].sort().join();
  if ([...table.keys.values()].some((key) => [...key.columns].sort().join() === sorted)) {
    throw new DataverseError(400, '0x80060894', 'An entity key with the selected attributes already exists');
  }
  const draft: AlternateKey = {
    metadataId: randomUUID(),
    schemaName,
    columns,
    labels: readLabels(organization, body['DisplayName']),
    status: 'Active',
  };
  const key: AlternateKey = { ...draft, status: collide(call, table, draft) ? 'Failed' : 'Active' };
  table.keys.set(schemaName, key);
  organization.store.onRollback(() => table.keys.delete(schemaName));
  organization.store.addIndex(table.logicalName, schemaName, (row) => indexKey(key, row.values));
  addToSolution(call, COMPONENT.key, key.metadataId);
  return key;
}

function collide(call: Call, table: Table, key: AlternateKey): boolean {
  const seen = new Set<string>();
  for (const row of call.context.organization.store.rows(table.logicalName)) {
    const value = indexKey(key, row.values);
    if (value !== undefined && seen.has(value)) return true;
    if (value !== undefined) seen.add(value);
  }
  return false;
}

export function removeKey(call: Call, table: Table, key: AlternateKey): void {
  const { store } = call.context.organization;
  table.keys.delete(key.schemaName);
  store.onRollback(() => table.keys.set(key.schemaName, key));
  store.dropIndex(table.logicalName, key.schemaName);
}
