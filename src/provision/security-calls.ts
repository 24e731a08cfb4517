// The calls that make roles and the application user.

import type { DynamicsWebApi } from 'dynamics-web-api';
import { type CallKinds, type CallOf, IN_OUR_SOLUTION } from './call-kinds.ts';
import { readPrivileges, readRoleOf } from './current-security.ts';
import { reader } from './read.ts';

interface Body {
  body: object;
}

export interface SecurityNeeds {
  'create-role': Body;
  /** `required` must exist; `optional` are granted where they do; `ownRows` must exist, for rows of one's own. */
  grant: {
    roleId: string;
    businessUnitId: string;
    required: readonly string[];
    optional: readonly string[];
    ownRows?: readonly string[];
  };
  'create-user': Body;
  'assign-role': { userId: string | undefined; businessUnitId: string; roleName: string };
}

export type SecurityCall = CallOf<SecurityNeeds>;

export const securityKinds: CallKinds<SecurityNeeds> = {
  'create-role': {
    describe: ({ body }) => ({ request: 'POST roles', body }),
    send: ({ body }, { client, signal }) =>
      client.create({ collection: 'roles', data: body, signal, headers: IN_OUR_SOLUTION }),
  },
  grant: {
    describe: (call) => ({
      request: `POST roles(${call.roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`,
      body: {
        Privileges: granted(call),
      },
    }),
    send: (call, { client, signal }) => grant(client, call, signal),
  },
  'create-user': {
    describe: ({ body }) => ({ request: 'POST systemusers', body }),
    send: ({ body }, { client, signal }) => client.create({ collection: 'systemusers', data: body, signal }),
    creates: 'userId',
  },
  'assign-role': {
    describe: ({ userId, roleName }) => ({
      request: `POST systemusers(${userId ?? 'the new user'})/systemuserroles_association/$ref`,
      body: { '@odata.id': `roles(${roleName})` },
    }),
    send: async (call, { client, created, signal }) => {
      const primaryKey = call.userId ?? created.userId;
      if (primaryKey === undefined) throw new Error('no application user was created');
      return assignRole(client, { ...call, primaryKey }, signal);
    },
  },
};

/** Depths by PrivilegeDepth of Microsoft Learn. */
const granted = ({ required, optional, ownRows = [] }: SecurityNeeds['grant']) => [
  ...[...required, ...optional].map((PrivilegeName) => ({ PrivilegeName, Depth: 'Global' })),
  ...ownRows.map((PrivilegeName) => ({ PrivilegeName, Depth: 'Basic' })),
];

/** Microsoft Learn, AddPrivilegesRole action: adds to what the role holds, and takes nothing away. */
async function grant(client: DynamicsWebApi, call: SecurityNeeds['grant'], signal: AbortSignal) {
  const ids = await readPrivileges(reader(client));
  const absent = [...call.required, ...(call.ownRows ?? [])].find((name) => !ids.has(name));
  if (absent !== undefined) throw new Error(`the privilege ${absent} does not exist in this environment`);
  const Privileges = granted(call).flatMap(({ PrivilegeName, Depth }) => {
    const PrivilegeId = ids.get(PrivilegeName);
    if (PrivilegeId === undefined) return [];
    return [{ PrivilegeId, PrivilegeName, Depth, BusinessUnitId: call.businessUnitId }];
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
