// The calls that make our solution, tables, columns and relationships.

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { type CallKinds, type CallOf, IN_OUR_SOLUTION } from './call-kinds.ts';
import type { Created } from './created.ts';
import { codeOf } from './failure.ts';
import { replaceColumn } from './replace-column.ts';

interface Body {
  body: object;
}

export interface DefinitionNeeds {
  'create-publisher': Body;
  'create-solution': Body & { publisherId: string | undefined };
  'set-version': Body & { solutionId: string | undefined };
  'create-table': Body;
  'create-column': Body & { table: string };
  /** `unlessParental`: the cascade to create it with where Dataverse refuses a parent. */
  'create-relationship': Body & { unlessParental?: object };
  'set-cascade': { relationship: string; body: { CascadeConfiguration: object } };
  lengthen: { table: string; columnId: string; type: 'String' | 'Memo'; body: { MaxLength: number } };
  'add-option': Body;
  publish: { body: { ParameterXml: string } };
}

export const definitionKinds: CallKinds<DefinitionNeeds> = {
  'create-publisher': {
    describe: ({ body }) => ({ request: 'POST publishers', body }),
    send: ({ body }, { client, signal }) => client.create({ collection: 'publishers', data: body, signal }),
    creates: 'publisherId',
  },
  'create-solution': {
    describe: (call) => ({ request: 'POST solutions', body: withPublisher(call, {}) }),
    send: (call, { client, created, signal }) =>
      client.create({ collection: 'solutions', data: withPublisher(call, created), signal }),
    creates: 'solutionId',
  },
  'set-version': {
    describe: ({ body, solutionId }) => ({ request: `PATCH solutions(${solutionId ?? 'the new solution'})`, body }),
    send: async ({ body, solutionId }, { client, created, signal }) => {
      const key = solutionId ?? created.solutionId;
      if (key === undefined) throw new Error('no solution was created');
      return client.update({ collection: 'solutions', key, data: body, signal });
    },
  },
  'create-table': {
    describe: ({ body }) => ({ request: 'POST EntityDefinitions', body }),
    send: ({ body }, { client, signal }) => client.createEntity({ data: body, signal, headers: IN_OUR_SOLUTION }),
  },
  'create-column': {
    describe: ({ body, table }) => ({ request: `POST EntityDefinitions(${named(table)})/Attributes`, body }),
    send: ({ body, table }, { client, signal }) =>
      client.createAttribute({ entityKey: named(table), data: body, signal, headers: IN_OUR_SOLUTION }),
  },
  'create-relationship': {
    describe: ({ body }) => ({ request: 'POST RelationshipDefinitions', body }),
    send: (call, { client, signal }) => createRelationship(client, call, signal),
  },
  'set-cascade': {
    describe: ({ body, relationship }) => ({
      request: `PUT RelationshipDefinitions(SchemaName='${relationship}')`,
      body,
    }),
    send: (call, { client, signal }) => setCascade(client, call, signal),
  },
  lengthen: {
    describe: ({ body, table, columnId }) => ({
      request: `PUT EntityDefinitions(${named(table)})/Attributes(${columnId})`,
      body,
    }),
    send: (call, { client, signal }) => lengthen(client, call, signal),
  },
  'add-option': {
    describe: ({ body }) => ({ request: 'POST InsertOptionValue', body }),
    send: ({ body }, { client, signal }) =>
      client.callAction({ actionName: 'InsertOptionValue', action: body, signal }),
  },
  publish: {
    describe: ({ body }) => ({ request: 'POST PublishXml', body }),
    send: ({ body }, { client, signal }) => client.callAction({ actionName: 'PublishXml', action: body, signal }),
  },
};

/** Refusals of a parent (Microsoft Learn, "Web service error codes"): not parental, one parent already, a system table. */
const NO_PARENT: ReadonlySet<string | undefined> = new Set(['0x80047102', '0x80047007', '0x8004432d']);

async function createRelationship(
  client: DynamicsWebApi,
  { body, unlessParental }: DefinitionNeeds['create-relationship'],
  signal: AbortSignal,
): Promise<unknown> {
  const create = (data: object) => client.createRelationship({ data, signal, headers: IN_OUR_SOLUTION });
  try {
    return await create(body);
  } catch (error) {
    if (unlessParental === undefined || !NO_PARENT.has(codeOf(error)?.toLowerCase())) throw error;
    return create({ ...body, CascadeConfiguration: unlessParental });
  }
}

const named = (table: string) => `LogicalName='${table}'`;

function withPublisher({ body, publisherId }: DefinitionNeeds['create-solution'], created: Created): object {
  const id = publisherId ?? created.publisherId ?? 'the new publisher';
  return { ...body, 'publisherid@odata.bind': `/publishers(${id})` };
}

function lengthen(
  client: DynamicsWebApi,
  { table, columnId, type, body }: CallOf<DefinitionNeeds, 'lengthen'>,
  signal: AbortSignal,
): Promise<unknown> {
  return replaceColumn(client, { entityKey: named(table), attributeKey: columnId, type, changes: body }, signal);
}

const ONE_TO_MANY = 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata';

const relationshipDefinition = z.looseObject({ MetadataId: z.string(), CascadeConfiguration: z.looseObject({}) });

/** A relationship, too, is replaced as a whole (Microsoft Learn, "Create and update table relationships using the Web API"). */
async function setCascade(client: DynamicsWebApi, call: CallOf<DefinitionNeeds, 'set-cascade'>, signal: AbortSignal) {
  const key = `SchemaName='${call.relationship}'`;
  const current = await client.retrieveRelationship({ key, castType: ONE_TO_MANY, signal });
  const { '@odata.context': _, ...kept } = relationshipDefinition.parse(current);
  const CascadeConfiguration = { ...kept.CascadeConfiguration, ...call.body.CascadeConfiguration };
  const data = { '@odata.type': ONE_TO_MANY, ...kept, CascadeConfiguration };
  return client.updateRelationship({ data, mergeLabels: true, signal, headers: IN_OUR_SOLUTION });
}
