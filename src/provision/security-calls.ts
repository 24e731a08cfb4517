/** The calls that make views, roles and the application user. */

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { schema } from '../schema/schema.ts';
import type { Created } from './created.ts';
import { readPrivileges, readRoleOf } from './current-security.ts';
import { listOf, reader } from './read.ts';
import { layoutXml, type View } from './views.ts';

export type SecurityCall =
  | { kind: 'create-view'; view: View; body: object }
  | { kind: 'label-view'; body: object }
  | { kind: 'create-role'; body: object }
  /** `required` must exist; `optional` are granted where they do. */
  | { kind: 'grant'; roleId: string; businessUnitId: string; required: readonly string[]; optional: readonly string[] }
  | { kind: 'create-user'; body: object }
  | { kind: 'assign-role'; userId: string | undefined; businessUnitId: string; roleName: string };

const IN_OUR_SOLUTION = { 'MSCRM.SolutionUniqueName': schema.solution.uniqueName };

/** Method, path and body, for a reader. What is known only when it is sent stands there in words. */
export function describeSecurity(call: SecurityCall): { request: string; body: object } {
  switch (call.kind) {
    case 'create-view':
      return { request: 'POST savedqueries', body: { ...call.body, layoutxml: layoutXml(call.view, 0) } };
    case 'label-view':
      return { request: 'POST SetLocLabels', body: call.body };
    case 'create-role':
      return { request: 'POST roles', body: call.body };
    case 'grant': {
      const names = [...call.required, ...call.optional];
      return {
        request: `POST roles(${call.roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`,
        body: { Privileges: names.map((PrivilegeName) => ({ PrivilegeName, Depth: 'Global' })) },
      };
    }
    case 'create-user':
      return { request: 'POST systemusers', body: call.body };
    case 'assign-role':
      return {
        request: `POST systemusers(${call.userId ?? 'the new user'})/systemuserroles_association/$ref`,
        body: { '@odata.id': `roles(${call.roleName})` },
      };
  }
}

interface Sending {
  created: Created;
  signal: AbortSignal;
}

/** Sends one call; gives the id of what was created. */
export async function performSecurity(
  client: DynamicsWebApi,
  call: SecurityCall,
  { created, signal }: Sending,
): Promise<unknown> {
  const inSolution = { signal, headers: IN_OUR_SOLUTION };
  switch (call.kind) {
    case 'create-view': {
      const layoutxml = layoutXml(call.view, await objectTypeCode(client, call.view.table));
      const data = { ...call.body, layoutxml };
      // A view that an interrupted run created is not listed before it is published.
      return client.create({ collection: 'savedqueries', data, ...inSolution }).catch(unlessItExists);
    }
    case 'label-view':
      return client.callAction({ actionName: 'SetLocLabels', action: call.body, signal });
    case 'create-role':
      return client.create({ collection: 'roles', data: call.body, ...inSolution });
    case 'grant':
      return grant(client, call, signal);
    case 'create-user':
      return client.create({ collection: 'systemusers', data: call.body, signal });
    case 'assign-role': {
      const primaryKey = call.userId ?? created.userId;
      if (primaryKey === undefined) throw new Error('no application user was created');
      return assignRole(client, { ...call, primaryKey }, signal);
    }
  }
}

/** Microsoft Learn, AddPrivilegesRole action: adds to what the role holds, and takes nothing away. */
async function grant(client: DynamicsWebApi, call: Extract<SecurityCall, { kind: 'grant' }>, signal: AbortSignal) {
  const ids = await readPrivileges(reader(client));
  const absent = call.required.find((name) => !ids.has(name));
  if (absent !== undefined) throw new Error(`the privilege ${absent} does not exist in this environment`);
  const Privileges = [...call.required, ...call.optional].flatMap((PrivilegeName) => {
    const PrivilegeId = ids.get(PrivilegeName);
    if (PrivilegeId === undefined) return [];
    return [{ PrivilegeId, PrivilegeName, Depth: 'Global', BusinessUnitId: call.businessUnitId }];
  });
  return client.callAction({
    collection: 'roles',
    key: call.roleId,
    actionName: 'Microsoft.Dynamics.CRM.AddPrivilegesRole',
    action: { Privileges },
    signal,
  });
}

/** A user can be given the roles of its own business unit only, where Dataverse keeps a copy of each. */
async function assignRole(
  client: DynamicsWebApi,
  { primaryKey, businessUnitId, roleName }: { primaryKey: string; businessUnitId: string; roleName: string },
  signal: AbortSignal,
) {
  const relatedKey = await readRoleOf(reader(client), businessUnitId, roleName);
  if (relatedKey === undefined) throw new Error(`the business unit of the user has no role ${roleName}`);
  return client.associate({
    collection: 'systemusers',
    primaryKey,
    relationshipName: 'systemuserroles_association',
    relatedCollection: 'roles',
    relatedKey,
    signal,
  });
}

async function objectTypeCode(client: DynamicsWebApi, table: string): Promise<number> {
  const { value } = await reader(client)(listOf({ ObjectTypeCode: z.int() }), (api, signal) =>
    api.retrieveEntities({ select: ['ObjectTypeCode'], filter: `LogicalName eq '${table}'`, signal }),
  );
  const [found] = value;
  if (found === undefined) throw new Error(`table ${table} does not exist in this environment`);
  return found.ObjectTypeCode;
}

const duplicate = z.looseObject({ code: z.literal('0x80040237') });

function unlessItExists(error: unknown): void {
  if (!duplicate.safeParse(error).success) throw error;
}
