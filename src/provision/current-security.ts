// The roles and application user that an environment has.

import * as z from 'zod';
import { isIn } from '../dataverse/filters.ts';
import { type CurrentProfile, readProfile } from './current-profile.ts';
import { listOf, type Read } from './read.ts';
import { allPrivileges, type Role, roles } from './roles.ts';

export interface CurrentRole {
  /** In the root business unit: Dataverse keeps a copy of each role in every other one. */
  id: string;
  /** Ids of the privileges that it holds for the whole organization. */
  privileges: ReadonlySet<string>;
  /** Ids of those that it holds at any depth. */
  held: ReadonlySet<string>;
}

export interface CurrentUser {
  id: string;
  disabled: boolean;
  businessUnitId: string;
  roles: readonly { id: string; name: string }[];
}

export interface CurrentSecurity {
  rootBusinessUnitId: string;
  /** The privileges that our roles need and that this environment has: name → id. */
  privileges: ReadonlyMap<string, string>;
  /** By the id that we give them. */
  roles: ReadonlyMap<string, CurrentRole>;
  applicationUser: CurrentUser | undefined;
  /** The profile that reads secured columns of ours. */
  profile: CurrentProfile | undefined;
}

export async function readSecurity(read: Read, applicationId: string | undefined): Promise<CurrentSecurity> {
  const rootBusinessUnitId = await readRootBusinessUnit(read);
  return {
    rootBusinessUnitId,
    privileges: await readPrivileges(read),
    roles: await readRoles(read, rootBusinessUnitId),
    applicationUser: applicationId === undefined ? undefined : await readApplicationUser(read, applicationId),
    profile: await readProfile(read),
  };
}

async function readRootBusinessUnit(read: Read): Promise<string> {
  const root = z.object({ value: z.tuple([z.object({ businessunitid: z.string() })]) });
  const { value } = await read(root, (api, signal) =>
    api.retrieveMultiple({
      collection: 'businessunits',
      select: ['businessunitid'],
      filter: '_parentbusinessunitid_value eq null',
      signal,
    }),
  );
  return value[0].businessunitid;
}

export async function readPrivileges(read: Read): Promise<ReadonlyMap<string, string>> {
  const { value } = await read(listOf({ privilegeid: z.string(), name: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'privileges',
      select: ['privilegeid', 'name'],
      filter: isIn('name', allPrivileges),
      signal,
    }),
  );
  return new Map(value.map(({ name, privilegeid }) => [name, privilegeid]));
}

/** A role is ours by its id, or by its name: an administrator may have made it by hand. */
async function readRoles(read: Read, businessUnitId: string): Promise<ReadonlyMap<string, CurrentRole>> {
  const { value } = await read(listOf({ roleid: z.string(), name: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'roles',
      select: ['roleid', 'name'],
      filter: `_businessunitid_value eq ${businessUnitId} and (${roles.map(isRole).join(' or ')})`,
      signal,
    }),
  );
  const found = new Map<string, CurrentRole>();
  for (const role of roles) {
    const row = value.find(({ roleid }) => roleid === role.id) ?? value.find(({ name }) => name === role.name);
    if (!row) continue;
    const held = await readRolePrivileges(read, row.roleid);
    const global = held.filter(({ everywhere }) => everywhere).map(({ id }) => id);
    found.set(role.id, { id: row.roleid, privileges: new Set(global), held: new Set(held.map(({ id }) => id)) });
  }
  return found;
}

const isRole = ({ id, name }: Role) => `roleid eq ${id} or name eq '${name}'`;

const rolePrivilege = z.object({ PrivilegeId: z.string(), Depth: z.union([z.string(), z.number()]) });

/**
 * What a role holds, and whether for the whole organization.
 * Source: Microsoft Learn, RetrieveRolePrivilegesRole function (not bound), PrivilegeDepth enumeration.
 */
export async function readRolePrivileges(read: Read, roleId: string): Promise<{ id: string; everywhere: boolean }[]> {
  const { RolePrivileges } = await read(z.object({ RolePrivileges: z.array(rolePrivilege) }), (api) =>
    // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
    api.callFunction({ name: 'RetrieveRolePrivilegesRole', parameters: { RoleId: roleId } }),
  );
  return RolePrivileges.map(({ PrivilegeId, Depth }) => ({
    id: PrivilegeId,
    everywhere: Depth === 'Global' || Number(Depth) === 3,
  }));
}

const user = {
  systemuserid: z.string(),
  isdisabled: z.boolean(),
  _businessunitid_value: z.string(),
  systemuserroles_association: z.array(z.object({ roleid: z.string(), name: z.string() })),
};

async function readApplicationUser(read: Read, applicationId: string): Promise<CurrentUser | undefined> {
  const { value } = await read(listOf(user), (api, signal) =>
    api.retrieveMultiple({
      collection: 'systemusers',
      select: ['systemuserid', 'isdisabled', '_businessunitid_value'],
      expand: [{ property: 'systemuserroles_association', select: ['roleid', 'name'] }],
      filter: `applicationid eq ${applicationId}`,
      signal,
    }),
  );
  const [found] = value;
  return (
    found && {
      id: found.systemuserid,
      disabled: found.isdisabled,
      businessUnitId: found._businessunitid_value,
      roles: found.systemuserroles_association.map(({ roleid, name }) => ({ id: roleid, name })),
    }
  );
}

/** The role of a business unit that has a given name: the one that a user of that unit can be given. */
export async function readRoleOf(read: Read, businessUnitId: string, name: string): Promise<string | undefined> {
  const { value } = await read(listOf({ roleid: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'roles',
      select: ['roleid'],
      filter: `_businessunitid_value eq ${businessUnitId} and name eq '${name}'`,
      signal,
    }),
  );
  return value[0]?.roleid;
}
