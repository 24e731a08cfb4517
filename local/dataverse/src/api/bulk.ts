// CreateMultiple, UpdateMultiple, UpsertMultiple. Microsoft Learn, "Use bulk operation messages": one transaction on a
// standard table; versions are not compared. The activity tables do not have these messages (appointment reference, "Messages").

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done, readJson } from '../call/message.ts';
import { invalidArgument, notEmulated } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { objects, text } from '../json.ts';
import { belowServiceRoot, parsePath } from '../odata/path.ts';
import { readPayload } from '../rows/payload.ts';
import type { RowKey } from '../rows/reference.ts';
import { findRow, parseRowKey, requireRow } from '../rows/reference.ts';
import { createRow, updateRow } from '../rows/write.ts';
import type { Table } from '../schema/model.ts';

const PREFIX = 'Microsoft.Dynamics.CRM.';
const MESSAGES = new Set(['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple']);

export function isBulk(name: string): boolean {
  return name.startsWith(PREFIX) && MESSAGES.has(name.slice(PREFIX.length));
}

export function bulkWrite(call: Call, table: Table, name: string): ApiResponse {
  if (table.isActivity) throw notEmulated(`${name} on ${table.logicalName}`);
  const targets = objects(readJson(call.request), 'Targets');
  if (targets.length === 0) throw invalidArgument("The parameter 'Targets' is missing or empty.");
  for (const target of targets) {
    const type = text(target, '@odata.type')?.replace('#', '');
    if (type !== `${PREFIX}${table.logicalName}`)
      throw invalidArgument(`Each target needs the '@odata.type' of ${table.logicalName}.`);
  }
  const message = name.slice(PREFIX.length);
  const ids = targets.map((target) => write(call, table, target, message));
  if (message !== 'CreateMultiple') return done();
  return answer(
    200,
    {},
    { '@odata.context': `${call.context.root}$metadata#${PREFIX}CreateMultipleResponse`, Ids: ids },
  );
}

function write(call: Call, table: Table, target: JsonObject, message: string): string {
  const { organization } = call.context;
  const key = message === 'CreateMultiple' ? undefined : targetKey(call, table, target);
  const row =
    key === undefined
      ? undefined
      : message === 'UpdateMultiple'
        ? requireRow(organization, table, key)
        : findRow(organization, table, key);
  if (row !== undefined) {
    return updateRow(organization, row, readPayload(organization, target, { table, operation: 'update' })).id;
  }
  const changes = readPayload(organization, target, { table, operation: 'create' });
  const values = key !== undefined && 'key' in key ? { ...key.values, ...changes.values } : changes.values;
  const id = key !== undefined && 'id' in key ? key.id : undefined;
  return createRow(organization, table, { ...changes, values, id }).id;
}

/** `@odata.id` must be relative; else the primary key among the columns. */
function targetKey(call: Call, table: Table, target: JsonObject): RowKey {
  const url = text(target, '@odata.id');
  const id = text(target, table.primaryId);
  if (url === undefined) return { id: id?.toLowerCase() ?? '' };
  if (/^https?:/i.test(url)) throw invalidArgument('@odata.id must be relative.');
  const [segment] = parsePath(belowServiceRoot(url) ?? '');
  if (segment?.argument === undefined) throw invalidArgument(`The '@odata.id' ${url} is not valid.`);
  return parseRowKey(call.context.organization, table, segment.argument);
}
