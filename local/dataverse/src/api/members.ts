// What follows a row in the URL: a property, a related row or collection, `$ref`.
// Microsoft Learn: "Retrieve a table row", "Update and delete", "Associate and disassociate table rows".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done, readJson } from '../call/message.ts';
import { badRequest, methodNotAllowed, notEmulated, unknownQueryProperty, unknownResource } from '../errors.ts';
import type { Json } from '../json.ts';
import { partyCollection, refusePartyForm } from '../rows/parties.ts';
import { readPayload } from '../rows/payload.ts';
import { etag } from '../rows/projection.ts';
import { columnOf, readValue } from '../rows/properties.ts';
import { parseRowKey, requireRow } from '../rows/reference.ts';
import { findSingle, followCollection, followPairs, followSingle } from '../rows/row-shape.ts';
import { updateRow } from '../rows/write.ts';
import type { Column, Table } from '../schema/model.ts';
import { typeName } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { countEntities, oneRow, readEntities } from './reads.ts';
import { answerReference } from './references.ts';
import { changeRolePrivileges, isRoleAction } from './role-messages.ts';

export function answerMember(call: Call, table: Table, argument: string): ApiResponse {
  const { organization } = call.context;
  const [, member, last, ...rest] = call.segments;
  if (member === undefined) throw unknownResource('');
  const row = requireRow(organization, table, parseRowKey(organization, table, argument));
  if (last?.name === '$ref') return answerReference(call, table, { row, member });
  if (isRoleAction(call, row, member.name)) return changeRolePrivileges(call, row, member.name);
  const column = columnOf(table, member.name);
  if (column !== undefined) return answerProperty(call, table, { row, column });
  if (rest.length > 0) throw notEmulated('paths through several navigation properties');
  const single = findSingle(table, member.name);
  if (single !== undefined) {
    const [next] = followSingle(organization.store, single, row);
    if (call.request.method !== 'GET') throw methodNotAllowed();
    return next === undefined ? done() : oneRow(call, next);
  }
  return answerCollection(call, table, { row, name: member.name, count: last?.name === '$count' });
}

function answerProperty(call: Call, table: Table, { row, column }: { row: Row; column: Column }): ApiResponse {
  const { organization, root } = call.context;
  const raw = call.segments[2]?.name === '$value';
  switch (call.request.method) {
    case 'GET': {
      const value = readValue(row, column);
      if (value === null) return done();
      if (raw) return { ...answer(200, { 'Content-Type': 'text/plain' }), body: String(value) };
      const context = `${root}$metadata#${table.entitySetName}(${row.id})/${column.name}`;
      return answer(200, { ETag: etag(row) }, { '@odata.context': context, value });
    }
    case 'PUT':
    case 'DELETE': {
      const value: Json = call.request.method === 'PUT' ? (readJson(call.request)['value'] ?? null) : null;
      updateRow(organization, row, readPayload(organization, { [column.name]: value }, { table, operation: 'update' }));
      return done();
    }
    default:
      throw methodNotAllowed();
  }
}

function answerCollection(
  call: Call,
  table: Table,
  { row, name, count }: { row: Row; name: string; count: boolean },
): ApiResponse {
  const { organization } = call.context;
  const { schema, store } = organization;
  if (call.request.method === 'PUT' && name === partyCollection(table)) return putParties(call, table, row);
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const collection = schema.collection(table, name);
  const pair = table.manyToMany.find((relationship) => relationship.navigationProperty === name);
  const other = schema.table(collection?.referencingTable ?? pair?.otherTable ?? '');
  if (other === undefined) throw unknownQueryProperty(name, typeName(table));
  const found =
    collection === undefined
      ? pair === undefined
        ? []
        : followPairs(store, pair, row)
      : followCollection(store, collection, row);
  return count ? countEntities(call, other, found) : readEntities(call, other, found);
}

/** The documented way to replace all parties: "possible only with activityparty" ("Associate and disassociate table rows"). */
function putParties(call: Call, table: Table, row: Row): ApiResponse {
  const { organization } = call.context;
  const value = readJson(call.request)['value'];
  const name = partyCollection(table);
  if (name === undefined || value === undefined) throw badRequest("The property 'value' is expected.");
  refusePartyForm(organization, table, 'put');
  const changes = readPayload(organization, { [name]: value }, { table, operation: 'update' });
  updateRow({ ...organization, rules: { ...organization.rules, partyReplacement: 'all' } }, row, changes);
  return done();
}
