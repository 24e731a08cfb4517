// Which privileges exist, and which a role holds.
// Microsoft Learn, "Security roles and privileges": a table has its own privileges, named after it; activities share theirs.

import { ABOUT, forgetPublished } from '../customization/publication.ts';
import type { Organization } from '../organization.ts';
import { stableId } from '../schema/load.ts';
import type { Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';

export type Right = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign' | 'Share';

/** `AccessRights` (Microsoft Learn, reference/accessrights). */
export const ACCESS_RIGHT: Readonly<Record<Right, number>> = {
  Read: 1,
  Write: 2,
  Append: 4,
  AppendTo: 16,
  Create: 32,
  Delete: 65_536,
  Share: 262_144,
  Assign: 524_288,
};

/** Names that differ from the table's schema name. Microsoft Learn, "Privileges by entity". */
const BASE: Readonly<Record<string, string>> = {
  activityparty: 'Activity',
  appointment: 'Activity',
  savedquery: 'Query',
  savedqueryvisualization: 'SavedQueryVisualizations',
  systemuser: 'User',
};

export type Depth = 'Basic' | 'Local' | 'Deep' | 'Global';

/** The depths as a role stores them. Microsoft Learn, RolePrivileges reference, PrivilegeDepthMask. */
export const DEPTH_MASK: Readonly<Record<Depth, number>> = { Basic: 1, Local: 2, Deep: 4, Global: 8 };

/** A privilege of no table. Microsoft Learn, "Miscellaneous privileges". */
export const MERGE = 'prvMerge';

/** The role that has every privilege, those of new tables included. */
export const ADMINISTRATOR = 'System Administrator';

/** `prvReadContact`; undefined for a table that is not secured on its own. */
export function privilegeName(table: Table, right: Right): string | undefined {
  const base = BASE[table.logicalName];
  if (base === undefined && table.ownership === 'None') return undefined;
  return `prv${right}${base ?? table.schemaName}`;
}

/** A table of the organization or of the system has no owner, hence nothing to assign or to share. */
function rightsOf({ ownership, logicalName }: Table): Right[] {
  const owned = ownership === 'UserOwned' || logicalName === 'appointment';
  const rights: Right[] = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo'];
  return owned ? [...rights, 'Assign', 'Share'] : rights;
}

/** Dataverse makes the privileges of a table together with the table. */
export function addTablePrivileges({ store }: Organization, table: Table): void {
  for (const right of rightsOf(table)) {
    const name = privilegeName(table, right);
    if (name === undefined) continue;
    const id = stableId(`privilege ${name}`);
    const owned = table.ownership === 'UserOwned';
    store.put('privilege', id, {
      privilegeid: id,
      name,
      accessright: ACCESS_RIGHT[right],
      canbebasic: owned,
      canbelocal: owned,
      canbedeep: owned,
      canbeglobal: true,
    });
  }
}

/** A deleted table takes its privileges, views, forms and charts along. */
export function removeTableSecurity(organization: Organization, table: Table): void {
  const { store } = organization;
  const gone = new Set(rightsOf(table).map((right) => stableId(`privilege ${privilegeName(table, right)}`)));
  for (const id of gone) store.remove('privilege', id);
  for (const row of [...store.rows('roleprivileges')]) {
    if (gone.has(String(row.values['privilegeid']))) store.remove('roleprivileges', row.id);
  }
  for (const [name, column] of Object.entries(ABOUT)) {
    if (column === undefined) continue;
    for (const row of [...organization.store.rows(name)]) {
      if (row.values[column] !== table.logicalName) continue;
      store.remove(name, row.id);
      forgetPublished(organization, row);
    }
  }
}

export interface HeldPrivilege {
  readonly privilege: Row;
  /** One of `DEPTH_MASK`. */
  readonly mask: number;
}

/** The privileges that a role holds; an administrator's reach the whole organization. */
export function privilegesOfRole({ store }: Organization, roleId: string): HeldPrivilege[] {
  if (store.get('role', roleId)?.values['name'] === ADMINISTRATOR)
    return [...store.rows('privilege')].map((privilege) => ({ privilege, mask: DEPTH_MASK.Global }));
  return [...store.rows('roleprivileges')].flatMap(({ values }) => {
    const privilege = values['roleid'] === roleId ? store.get('privilege', String(values['privilegeid'])) : undefined;
    return privilege === undefined
      ? []
      : [{ privilege, mask: Number(values['privilegedepthmask'] ?? DEPTH_MASK.Global) }];
  });
}

interface Grant {
  readonly roleId: string;
  readonly privilegeId: string;
  readonly depth: Depth;
}

/** A privilege that the role holds already takes the new depth. */
export function grant({ store }: Organization, { roleId, privilegeId, depth }: Grant): void {
  const id = stableId(`roleprivilege ${roleId} ${privilegeId}`);
  store.put('roleprivileges', id, {
    roleprivilegeid: id,
    roleid: roleId,
    privilegeid: privilegeId,
    privilegedepthmask: DEPTH_MASK[depth],
  });
}

/** What a fresh environment has: privileges of every table, and an installer who is an administrator. */
export function seedSecurity(organization: Organization): void {
  const { schema, store, caller } = organization;
  for (const table of schema.tables) addTablePrivileges(organization, table);
  const merge = stableId(`privilege ${MERGE}`);
  store.put('privilege', merge, { privilegeid: merge, name: MERGE, accessright: 0, canbeglobal: true });
  seedBasicUser(organization);
  const administrator = [...store.rows('role')].find((row) => row.values['name'] === ADMINISTRATOR);
  if (administrator === undefined) return;
  const id = stableId('role of the caller');
  store.put('systemuserroles', id, {
    systemuserroleid: id,
    systemuserid: caller.id,
    roleid: administrator.id,
  });
}

/**
 * The standard role of people. Microsoft Learn, "Configure user security": records that one owns, of the core tables. That
 * notifications are among them is an [inference].
 */
export const BASIC_USER = 'Basic User';

const OWN_RECORDS = /^prv(Create|Read|Write|Delete|Append|AppendTo|Assign|Share)(Contact|Activity|appnotification)$/;
/** That it reads these everywhere is an [inference]: people see colleagues, teams and views. */
const EVERYWHERE =
  /^prvRead(User|Team|BusinessUnit|Query|Role|SystemForm|SavedQueryVisualizations|WebResource|SiteMap|AppModule)$/;

function seedBasicUser(organization: Organization): void {
  const { store, businessUnit } = organization;
  const roleId = stableId(`role ${BASIC_USER}`);
  store.put('role', roleId, { roleid: roleId, name: BASIC_USER, businessunitid: businessUnit });
  for (const { id, values } of [...store.rows('privilege')]) {
    const name = String(values['name']);
    if (OWN_RECORDS.test(name)) grant(organization, { roleId, privilegeId: id, depth: 'Basic' });
    if (EVERYWHERE.test(name)) grant(organization, { roleId, privilegeId: id, depth: 'Global' });
  }
}

/** Microsoft Learn, "Default user security roles": who is added to an environment is given this role. */
export function welcome(organization: Organization, userId: string): void {
  const id = stableId(`basic user ${userId}`);
  const roleid = stableId(`role ${BASIC_USER}`);
  organization.store.put('systemuserroles', id, { systemuserroleid: id, systemuserid: userId, roleid });
}
