// POST, PATCH and DELETE of a row.
// Microsoft Learn: "Create a table row", "Update and delete table rows", "Upsert a table row", "Perform conditional operations".

import type { Call } from '../call/call.ts';
import type { ApiRequest, ApiResponse } from '../call/message.ts';
import { answer, done, entityAnswer, readJson } from '../call/message.ts';
import { refuseFixedColumns } from '../customization/rules.ts';
import { badRequest, duplicateRecord, methodNotAllowed, versionMismatch } from '../errors.ts';
import { addRowToSolution } from '../metadata/solutions.ts';
import { admit } from '../rows/admission.ts';
import type { Changes } from '../rows/changes.ts';
import { createDeep } from '../rows/deep-insert.ts';
import { refusePartyForm } from '../rows/parties.ts';
import { readPayload } from '../rows/payload.ts';
import { etag, rowUrl } from '../rows/projection.ts';
import type { RowKey } from '../rows/reference.ts';
import { findRow, parseRowKey, requireRow } from '../rows/reference.ts';
import { removeRow } from '../rows/remove.ts';
import { createRow, updateRow } from '../rows/write.ts';
import type { Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { readPreferences } from './preferences.ts';
import { rowBody } from './reads.ts';

/** Microsoft Learn, activityparty: only GET on the set; parties are written through their activity. */
const READ_ONLY_SETS: ReadonlySet<string> = new Set([
  'activityparty',
  'systemuserroles',
  'solutioncomponent',
  'appmodulecomponent',
  'appmoduleroles',
]);

function refuseReadOnly(table: Table): void {
  if (READ_ONLY_SETS.has(table.logicalName)) {
    throw methodNotAllowed(`The entity ${table.logicalName} does not support this message.`);
  }
}

function refuseNestedReadOnly({ related = [] }: Changes): void {
  for (const { table, changes } of related) {
    refuseReadOnly(table);
    refuseNestedReadOnly(changes);
  }
}

export function createEntity(call: Call, table: Table): ApiResponse {
  refuseReadOnly(table);
  const { organization, root } = call.context;
  const changes = readPayload(organization, readJson(call.request), { table, operation: 'create', deep: true });
  refuseNestedReadOnly(changes);
  const row = createDeep(organization, table, changes);
  addRowToSolution(call, row);
  return written(call, row, { created: true, url: rowUrl(organization, root, row) });
}

/** Update or create, as the headers say. The table of cases: Microsoft Learn, "Upsert a table row". */
export function patchEntity(call: Call, table: Table, argument: string): ApiResponse {
  refuseReadOnly(table);
  const { organization, root } = call.context;
  const body = readJson(call.request);
  const key = parseRowKey(organization, table, argument);
  const row = checkConditions(call, table, key);
  // "OData-EntityId repeats the alternate-key URL, not the GUID": samples of "Upsert a table row".
  const url = 'id' in key ? `${root}${table.entitySetName}(${key.id})` : `${root}${table.entitySetName}(${argument})`;
  if (row !== undefined) {
    refuseFixedColumns(table, row, body);
    const changes = readPayload(organization, body, { table, operation: 'update' });
    if (changes.parties !== undefined) refusePartyForm(organization, table, 'patch');
    const updated = updateRow(organization, row, { ...changes, values: withoutKey(changes.values, key) });
    return written(call, updated, { created: false, url });
  }
  const changes = readPayload(organization, body, { table, operation: 'create' });
  // New row: values of the body win over those of the URL (same page).
  const values = 'key' in key ? { ...key.values, ...changes.values } : changes.values;
  const created = createRow(organization, table, { ...changes, values, id: 'id' in key ? key.id : undefined });
  return written(call, created, { created: true, url });
}

/** Microsoft Learn, "Upsert a table row": the server drops key columns from the body of an update. */
function withoutKey(values: Changes['values'], key: RowKey): Changes['values'] {
  if ('id' in key) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => !key.key.columns.includes(name)));
}

/** The existing row, after `If-Match` and `If-None-Match` have been obeyed. */
function checkConditions({ context, request }: Call, table: Table, key: RowKey): Row | undefined {
  const row = findRow(context.organization, table, key);
  if (ifNoneMatch(request) === '*' && row !== undefined) throw duplicateRecord();
  const wanted = ifMatch(request);
  if (wanted === undefined) return row;
  const existing = requireRow(context.organization, table, key);
  refuseOtherVersion(existing, wanted);
  return existing;
}

function refuseOtherVersion(row: Row, wanted: string): void {
  if (wanted !== '*' && wanted !== etag(row)) throw versionMismatch();
}

/** `null` is what browsers' samples send to bypass a cache: no condition. */
function ifNoneMatch(request: ApiRequest): string | undefined {
  const value = request.headers.get('if-none-match')?.trim();
  return value === 'null' ? undefined : value;
}

function ifMatch(request: ApiRequest): string | undefined {
  const value = request.headers.get('if-match')?.trim();
  if (value === undefined || value === '*' || /^(W\/)?"\d+"$/.test(value)) return value;
  throw badRequest(`The If-Match header '${value}' is not a valid entity tag.`);
}

function written(call: Call, row: Row, { created, url }: { created: boolean; url: string }): ApiResponse {
  const preferences = readPreferences(call.request);
  if (!preferences.representation) return entityAnswer(url);
  const applied = preferences.applied('return', 'odata.include-annotations');
  // `$expand` is ignored: Microsoft Learn, "Update and delete table rows", "Update with data returned".
  const body = rowBody(call, row, { ...call.options, expand: [] });
  return answer(created ? 201 : 200, { ETag: etag(row), ...applied }, body);
}

export function deleteEntity(call: Call, table: Table, argument: string): ApiResponse {
  refuseReadOnly(table);
  const { organization } = call.context;
  const row = requireRow(organization, table, parseRowKey(organization, table, argument));
  const wanted = ifMatch(call.request);
  if (wanted !== undefined) refuseOtherVersion(row, wanted);
  admit(organization, { action: 'delete', row: { table: row.table, id: row.id } });
  removeRow(organization, row);
  return done();
}
