/** The calls that provisioning makes, as values: shown by a dry run, sent by `send`. */

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { withDeadline } from '../dataverse/deadline.ts';
import { schema } from '../schema/schema.ts';
import { describeProfile, type ProfileCall, performProfile } from './calls-profile.ts';
import type { Created } from './created.ts';
import { describeSecurity, performSecurity, type SecurityCall } from './security-calls.ts';

/** Milliseconds for one change of definitions: creating a table takes up to a minute, publishing several. */
const CHANGE_DEADLINE_MS = 600_000;

const IN_OUR_SOLUTION = { 'MSCRM.SolutionUniqueName': schema.solution.uniqueName };

export type Call = DefinitionCall | SecurityCall | ProfileCall;

type DefinitionCall =
  | { kind: 'create-publisher'; body: object }
  | { kind: 'create-solution'; body: object; publisherId: string | undefined }
  | { kind: 'set-version'; body: object; solutionId: string | undefined }
  | { kind: 'create-table'; body: object }
  | { kind: 'create-column'; table: string; body: object }
  | { kind: 'create-relationship'; body: object }
  | { kind: 'set-cascade'; relationship: string; body: { CascadeConfiguration: object } }
  | { kind: 'lengthen'; table: string; columnId: string; type: 'String' | 'Memo'; body: { MaxLength: number } }
  | { kind: 'add-option'; body: object }
  | { kind: 'publish'; body: { ParameterXml: string } };

/** Method, path and body, for a reader. */
export function describe(call: Call): { request: string; body: object } {
  if (isProfile(call)) return describeProfile(call);
  return isSecurity(call) ? describeSecurity(call) : { request: requestOf(call), body: bodyOf(call, {}) };
}

/** Sends one call and gives what later calls need. Rejects with the error of dynamics-web-api, or a `DeadlineError`. */
export async function send(client: DynamicsWebApi, call: Call, created: Created): Promise<Created> {
  const id = await withDeadline(CHANGE_DEADLINE_MS, (signal): Promise<unknown> => {
    if (isProfile(call)) return performProfile(client, call, { created, signal });
    if (isSecurity(call)) return performSecurity(client, call, { created, signal });
    return perform(client, call, { created, signal });
  });
  if (call.kind === 'create-publisher') return { ...created, publisherId: String(id) };
  if (call.kind === 'create-solution') return { ...created, solutionId: String(id) };
  if (call.kind === 'create-user') return { ...created, userId: String(id) };
  return created;
}

const SECURITY_KINDS: ReadonlySet<string> = new Set<SecurityCall['kind']>([
  'create-view',
  'label-view',
  'create-role',
  'grant',
  'create-user',
  'assign-role',
]);

type OwnProfileCall = Exclude<ProfileCall, { kind: 'publish' }>;

const PROFILE_KINDS: ReadonlySet<string> = new Set<OwnProfileCall['kind']>([
  'create-profile',
  'add-member',
  'prove-member',
  'secure',
  'allow',
  'prove-reading',
]);

const isProfile = (call: Call): call is OwnProfileCall => PROFILE_KINDS.has(call.kind);

const isSecurity = (call: Call): call is SecurityCall => SECURITY_KINDS.has(call.kind);

function requestOf(call: DefinitionCall): string {
  switch (call.kind) {
    case 'create-publisher':
      return 'POST publishers';
    case 'create-solution':
      return 'POST solutions';
    case 'set-version':
      return `PATCH solutions(${call.solutionId ?? 'the new solution'})`;
    case 'create-table':
      return 'POST EntityDefinitions';
    case 'create-column':
      return `POST EntityDefinitions(LogicalName='${call.table}')/Attributes`;
    case 'create-relationship':
      return 'POST RelationshipDefinitions';
    case 'set-cascade':
      return `PUT RelationshipDefinitions(SchemaName='${call.relationship}')`;
    case 'lengthen':
      return `PUT EntityDefinitions(LogicalName='${call.table}')/Attributes(${call.columnId})`;
    case 'add-option':
      return 'POST InsertOptionValue';
    case 'publish':
      return 'POST PublishXml';
  }
}

function bodyOf(call: DefinitionCall, created: Created): object {
  if (call.kind !== 'create-solution') return call.body;
  const publisherId = call.publisherId ?? created.publisherId ?? 'the new publisher';
  return { ...call.body, 'publisherid@odata.bind': `/publishers(${publisherId})` };
}

interface Sending {
  created: Created;
  signal: AbortSignal;
}

async function perform(client: DynamicsWebApi, call: DefinitionCall, { created, signal }: Sending): Promise<unknown> {
  const data = bodyOf(call, created);
  const inSolution = { data, signal, headers: IN_OUR_SOLUTION };
  switch (call.kind) {
    case 'create-publisher':
      return client.create({ collection: 'publishers', data, signal });
    case 'create-solution':
      return client.create({ collection: 'solutions', data, signal });
    case 'set-version': {
      const key = call.solutionId ?? created.solutionId;
      if (key === undefined) throw new Error('no solution was created');
      return client.update({ collection: 'solutions', key, data, signal });
    }
    case 'create-table':
      return client.createEntity(inSolution);
    case 'create-column':
      return client.createAttribute({ ...inSolution, entityKey: `LogicalName='${call.table}'` });
    case 'create-relationship':
      return client.createRelationship(inSolution);
    case 'set-cascade':
      return setCascade(client, call, signal);
    case 'lengthen':
      return lengthen(client, call, signal);
    case 'add-option':
      return client.callAction({ actionName: 'InsertOptionValue', action: data, signal });
    case 'publish':
      return client.callAction({ actionName: 'PublishXml', action: data, signal });
  }
}

const definition = z.looseObject({ MetadataId: z.string() });

/** A definition is replaced as a whole (Microsoft Learn, "Update a column"), so everything else is sent back as read. */
async function lengthen(
  client: DynamicsWebApi,
  call: Extract<DefinitionCall, { kind: 'lengthen' }>,
  signal: AbortSignal,
) {
  const entityKey = `LogicalName='${call.table}'`;
  const castType = `Microsoft.Dynamics.CRM.${call.type}AttributeMetadata`;
  const current = await client.retrieveAttribute({ entityKey, attributeKey: call.columnId, castType, signal });
  const { '@odata.context': _, ...kept } = definition.parse(current);
  const data = { '@odata.type': castType, ...kept, ...call.body };
  return client.updateAttribute({ entityKey, data, mergeLabels: true, signal, headers: IN_OUR_SOLUTION });
}

const ONE_TO_MANY = 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata';

const relationshipDefinition = definition.extend({ CascadeConfiguration: z.looseObject({}) });

/** The same for a relationship (Microsoft Learn, "Create and update table relationships using the Web API"). */
async function setCascade(
  client: DynamicsWebApi,
  call: Extract<DefinitionCall, { kind: 'set-cascade' }>,
  signal: AbortSignal,
) {
  const key = `SchemaName='${call.relationship}'`;
  const current = await client.retrieveRelationship({ key, castType: ONE_TO_MANY, signal });
  const { '@odata.context': _, ...kept } = relationshipDefinition.parse(current);
  const CascadeConfiguration = { ...kept.CascadeConfiguration, ...call.body.CascadeConfiguration };
  const data = { '@odata.type': ONE_TO_MANY, ...kept, CascadeConfiguration };
  return client.updateRelationship({ data, mergeLabels: true, signal, headers: IN_OUR_SOLUTION });
}
