// EntityDefinitions and RelationshipDefinitions: which request reads, which one changes.
// Microsoft Learn: "Query schema definitions", "Create and update table/column/relationship definitions using the Web API".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { readJson } from '../call/message.ts';
import { methodNotAllowed, notEmulated, unknownResource } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Relationship, Table } from '../schema/model.ts';
import { changed, created, isNamed, notFound } from './addressing.ts';
import { columnJson } from './column-json.ts';
import { answerOne, answerSet } from './present.ts';
import { createRelationship, removeRelationship, updateRelationship } from './relationships.ts';
import { keyJson, relationshipJson, tableJson } from './table-json.ts';
import { answerColumns, answerKeys } from './table-members.ts';
import { createTable, removeTable, updateTable } from './tables.ts';

export function isDefinitionSet(name: string): boolean {
  return name === 'EntityDefinitions' || name === 'RelationshipDefinitions' || name === 'GlobalOptionSetDefinitions';
}

export function answerDefinitions(call: Call): ApiResponse {
  const [set] = call.segments;
  if (set?.name === 'EntityDefinitions') return answerTables(call);
  if (set?.name === 'RelationshipDefinitions') return answerRelationships(call);
  throw notEmulated('global option sets');
}

function answerTables(call: Call): ApiResponse {
  const { organization, root } = call.context;
  const [set, member] = call.segments;
  const { method } = call.request;
  if (set?.argument === undefined) {
    if (method === 'POST')
      return created(`${root}EntityDefinitions(${createTable(call, readJson(call.request)).metadataId})`);
    if (method !== 'GET') throw methodNotAllowed();
    const tables = [...organization.schema.tables].map((table) => tableWithMembers(call, table));
    return answerSet(call, 'EntityDefinitions', tables);
  }
  const table = findTable(call, set.argument);
  switch (member?.name) {
    case undefined:
      if (method === 'PUT') return changed(() => updateTable(call, table, readJson(call.request)));
      if (method === 'DELETE') return changed(() => removeTable(call, table));
      if (method !== 'GET') throw methodNotAllowed();
      return answerOne(call, 'EntityDefinitions', tableWithMembers(call, table));
    case 'Attributes':
      return answerColumns(call, table);
    case 'Keys':
      return answerKeys(call, table);
    case 'ManyToOneRelationships':
    case 'OneToManyRelationships':
      if (method !== 'GET') throw methodNotAllowed();
      return answerSet(
        call,
        member.name,
        relationshipsOf(call, table, member.name).map((item) => relationshipJson(organization, item)),
      );
    default:
      throw unknownResource(member?.name ?? '');
  }
}

function answerRelationships(call: Call): ApiResponse {
  const { organization, root } = call.context;
  const [set] = call.segments;
  const all = [...organization.schema.tables].flatMap((table) => table.relationships);
  if (set?.argument === undefined) {
    if (call.request.method === 'GET')
      return answerSet(
        call,
        'RelationshipDefinitions',
        all.map((item) => relationshipJson(organization, item)),
      );
    if (call.request.method !== 'POST') throw methodNotAllowed();
    return created(`${root}RelationshipDefinitions(${createRelationship(call, readJson(call.request)).metadataId})`);
  }
  const found = all.find((item) => isNamed(set.argument, item.schemaName, item.metadataId));
  if (found === undefined) throw notFound('relationship', set.argument);
  if (call.request.method === 'DELETE') return changed(() => removeRelationship(call, found));
  if (call.request.method === 'PUT') return changed(() => updateRelationship(call, found, readJson(call.request)));
  if (call.request.method !== 'GET') throw methodNotAllowed();
  return answerOne(call, 'RelationshipDefinitions', relationshipJson(organization, found));
}

/** A table with what `$expand` can show of it; `answerOne` and `answerSet` keep what was asked. */
function tableWithMembers(call: Call, table: Table): JsonObject {
  const { organization } = call.context;
  const wanted = new Set(call.options.expand.map((item) => item.name));
  const relationships = (name: 'ManyToOneRelationships' | 'OneToManyRelationships') =>
    wanted.has(name) && {
      [name]: relationshipsOf(call, table, name).map((item) => relationshipJson(organization, item)),
    };
  return {
    ...tableJson(organization, table),
    ...(wanted.has('Attributes') && {
      Attributes: [...table.columns.values()].map((column) => columnJson(organization, table, column)),
    }),
    ...(wanted.has('Keys') && { Keys: [...table.keys.values()].map((key) => keyJson(organization, table, key)) }),
    ...relationships('ManyToOneRelationships'),
    ...relationships('OneToManyRelationships'),
  };
}

function relationshipsOf({ context }: Call, table: Table, name: string): Relationship[] {
  return name === 'ManyToOneRelationships'
    ? table.relationships
    : [...context.organization.schema.pointingTo(table.logicalName)];
}

function findTable(call: Call, argument: string): Table {
  const found = [...call.context.organization.schema.tables].find((table) =>
    isNamed(argument, table.logicalName, table.metadataId),
  );
  if (found === undefined) throw notFound('entity', argument);
  return found;
}
