// `$ref`: links between rows without their data. Microsoft Learn, "Associate and disassociate table rows".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done, readJson } from '../call/message.ts';
import { badRequest, duplicateRecord, methodNotAllowed, unknownQueryProperty } from '../errors.ts';
import { text } from '../json.ts';
import type { Segment } from '../odata/path.ts';
import { decode } from '../odata/path.ts';
import type { Organization } from '../organization.ts';
import { admit } from '../rows/admission.ts';
import { rowUrl } from '../rows/projection.ts';
import { resolveReference } from '../rows/reference.ts';
import { findSingle, followSingle } from '../rows/row-shape.ts';
import { updateRow } from '../rows/write.ts';
import type { ManyToMany, Relationship, Table } from '../schema/model.ts';
import { typeName } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import type { Ref, Row } from '../store/row.ts';

interface Link {
  readonly row: Row;
  readonly member: Segment;
}

export function answerReference(call: Call, table: Table, link: Link): ApiResponse {
  const { schema } = call.context.organization;
  const { name } = link.member;
  const single = findSingle(table, name);
  if (single !== undefined) return singleReference(call, table, { ...link, relationship: single });
  const collection = schema.collection(table, name);
  const pair = table.manyToMany.find((relationship) => relationship.navigationProperty === name);
  const otherTable = collection?.referencingTable ?? pair?.otherTable;
  if (otherTable === undefined) throw unknownQueryProperty(name, typeName(table));
  const { method } = call.request;
  if (method !== 'POST' && method !== 'DELETE') throw methodNotAllowed();
  const url = otherUrl(call, schema.known(otherTable), link.member);
  const other = resolveReference(call.context.organization, url, { accepted: [otherTable], from: table });
  const target = method === 'POST' ? link.row : null;
  if (collection !== undefined) setLookup(call.context.organization, collection, { other, target });
  else if (pair !== undefined)
    setPair(call.context.organization, pair, { from: link.row, to: other, linked: method === 'POST' });
  return done();
}

function singleReference(
  call: Call,
  table: Table,
  { row, relationship }: Link & { relationship: Relationship },
): ApiResponse {
  const { organization, root } = call.context;
  switch (call.request.method) {
    case 'GET': {
      const [next] = followSingle(organization.store, relationship, row);
      if (next === undefined) return done();
      return answer(
        200,
        {},
        { '@odata.context': `${root}$metadata#$ref`, '@odata.id': rowUrl(organization, root, next) },
      );
    }
    case 'PUT': {
      const target = resolveReference(organization, readJson(call.request)['@odata.id'], {
        accepted: targets(relationship),
        from: table,
      });
      updateRow(organization, row, { values: { [relationship.column]: target } });
      return done();
    }
    case 'DELETE':
      updateRow(organization, row, { values: { [relationship.column]: null } });
      return done();
    default:
      throw methodNotAllowed();
  }
}

/** The other row: in the body of a POST, in the key or in `$id` of a DELETE. */
function otherUrl(call: Call, other: Table, member: Segment): string | undefined {
  if (call.request.method === 'POST') return absolute(text(readJson(call.request), '@odata.id'));
  if (member.argument !== undefined) return `${other.entitySetName}(${member.argument})`;
  const id = /[?&]\$id=([^&]*)/.exec(call.request.target)?.[1];
  return id === undefined ? undefined : decode(id);
}

/** Microsoft Learn, "Associate and disassociate table rows"; a relative one is refused (seen in real environments), its code is an [inference]. */
function absolute(url: string | undefined): string | undefined {
  if (url !== undefined && !/^https?:\/\//.test(url)) throw badRequest(`The '@odata.id' ${url} is not absolute.`);
  return url;
}

function setLookup(
  organization: Organization,
  relationship: Relationship,
  { other, target }: { other: Ref; target: Row | null },
): void {
  const row = organization.store.get(other.table, other.id);
  if (row === undefined) return;
  const value = target === null ? null : { table: target.table, id: target.id };
  updateRow(organization, row, { values: { [relationship.column]: value } });
}

function setPair(
  organization: Organization,
  pair: ManyToMany,
  { from, to, linked }: { from: Row; to: Ref; linked: boolean },
): void {
  const { store } = organization;
  admit(organization, { action: 'append', row: to });
  const existing = [...store.rows(pair.intersectTable)].find(
    (row) => row.values[pair.ownColumn] === from.id && row.values[pair.otherColumn] === to.id,
  );
  if (!linked && existing !== undefined) store.remove(pair.intersectTable, existing.id);
  if (linked && existing !== undefined) throw duplicateRecord();
  if (!linked) return;
  const id = randomUUID();
  const key = organization.schema.known(pair.intersectTable).primaryId;
  store.put(pair.intersectTable, id, { [key]: id, [pair.ownColumn]: from.id, [pair.otherColumn]: to.id });
}
