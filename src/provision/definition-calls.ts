// The calls that make our solution, tables, columns and relationships.

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { type CallKinds, type CallOf, IN_OUR_SOLUTION } from './call-kinds.ts';
import type { Created } from './created.ts';
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
  'create-relationship': Body;
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
    send: ({ body }, { client, signal }) => client.createRelationship({ data: body, signal, headers: IN_OUR_SOLUTION }),
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
