// Column-level security: who may read, create and update the value of a secured column.
// Microsoft Learn: "Column-level security with code", "Field security tables"; codes by "Web service error codes".

import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import { ADMINISTRATOR } from './privileges.ts';

type Permission = 'cancreate' | 'canread' | 'canupdate';

const ALLOWED = 4;

/** Microsoft Learn, "Column-level security to control access": names of people cannot be secured. */
const NEVER: ReadonlySet<string> = new Set(['firstname', 'lastname', 'middlename', 'fullname']);

/**
 * Whether a column can be secured: `CanBeSecuredForRead` and its like. A primary name cannot (seen: 0x8004f501); of the
 * other types than text nothing is emulated.
 */
export function canBeSecured(table: Table, column: Column): boolean {
  const isText = column.type === 'String' || column.type === 'Memo';
  return isText && column.name !== table.primaryName && !NEVER.has(column.name);
}

export function refuseSecuring(table: Table, column: Column): void {
  if (canBeSecured(table, column)) return;
  throw new DataverseError(400, '0x8004f501', `The field '${column.name}' is not securable`);
}

/** What was secured takes effect with the publication (AttributeNotSecured: "not enabled until you publish"). */
export function publishSecurity({ schema }: Organization, names: readonly string[] | 'all'): void {
  for (const table of schema.tables) {
    if (names !== 'all' && !names.includes(table.logicalName)) continue;
    for (const column of table.columns.values()) {
      const { isSecured = false, inForce = false } = column;
      if (isSecured !== inForce) schema.putColumn(table, { ...column, inForce: isSecured });
    }
  }
}

/** "The calling application can't distinguish between a value that is secured and a value that is null." */
export function mayRead(organization: Organization, table: Table, column: Column): boolean {
  return column.inForce !== true || holds(organization, table, { column, permission: 'canread' });
}

/** A filter or an order by a secured column: the stricter reading of a code whose use no page describes. */
export function refuseQuery(organization: Organization, table: Table, column: Column): void {
  if (mayRead(organization, table, column)) return;
  const message = 'The Query contained a secured attribute to which the caller does not have access';
  throw new DataverseError(403, '0x8004f506', message);
}

/** Refuses what a write names and the caller may not write; in a change set that rolls all back. */
export function admitColumns(organization: Organization, table: Table, write: { values: Values; creates: boolean }) {
  for (const name of Object.keys(write.values)) {
    const column = table.columns.get(name);
    if (column?.inForce !== true) continue;
    const permission = write.creates ? 'cancreate' : 'canupdate';
    if (holds(organization, table, { column, permission })) continue;
    const [code, what] = write.creates ? ['0x8004f502', 'create'] : ['0x8004f507', 'update'];
    const message = `Caller user with Id ${organization.caller.id} does not have ${what} permissions to a ${name} secured field on entity ${table.schemaName}`;
    throw new DataverseError(403, code, message);
  }
  if (table.logicalName === 'fieldpermission' && write.creates) refuseUnsecured(organization, write.values);
}

/** AttributeNotSecured, as seen: a permission cannot name a column that is not secured. */
function refuseUnsecured({ schema }: Organization, values: Values): void {
  const [table, name] = [String(values['entityname']), String(values['attributelogicalname'])];
  if (schema.table(table)?.columns.get(name)?.inForce === true) return;
  throw new DataverseError(400, '0x8004f508', `${name} attribute is NOT secured for entity ${table}`);
}

function holds(
  organization: Organization,
  table: Table,
  { column, permission }: { column: Column; permission: Permission },
): boolean {
  if (isAdministrator(organization)) return true;
  const profiles = profilesOf(organization);
  return [...organization.store.rows('fieldpermission')].some(({ values }) => {
    const profile = values['fieldsecurityprofileid'];
    return (
      values['entityname'] === table.logicalName &&
      values['attributelogicalname'] === column.name &&
      values[permission] === ALLOWED &&
      isRef(profile) &&
      profiles.has(profile.id)
    );
  });
}

function isAdministrator({ store, caller }: Organization): boolean {
  return [...store.rows('systemuserroles')].some(
    ({ values }) =>
      values['systemuserid'] === caller.id &&
      store.get('role', String(values['roleid']))?.values['name'] === ADMINISTRATOR,
  );
}

/** Profiles of the user, and of the teams that the user is in. */
function profilesOf({ store, caller }: Organization): ReadonlySet<unknown> {
  const of = (table: string, column: string, id: unknown) =>
    [...store.rows(table)].filter(({ values }) => values[column] === id).map(({ values }) => values);
  const teams = of('teammembership', 'systemuserid', caller.id).map(({ teamid }) => teamid);
  const held = [
    ...of('systemuserprofiles', 'systemuserid', caller.id),
    ...teams.flatMap((id) => of('teamprofiles', 'teamid', id)),
  ];
  return new Set(held.map((values) => values['fieldsecurityprofileid']));
}
