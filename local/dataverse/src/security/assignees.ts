// Who may become the owner of a row.
// Codes: Microsoft Learn, "Web service error codes"; access teams: "Manage teams"; that the owner must be able to read
// the row: "Assign or share rows".

import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Ref } from '../store/row.ts';
import { privilegeName } from './privileges.ts';
import { Reach, rolesOf } from './reach.ts';

const ACCESS_TEAM = 1;

/** Refuses an owner who could not read the row. That a disabled user is refused, and by this code, is an [inference]. */
export function refuseAssignee(organization: Organization, table: Table, owner: Ref): void {
  const values = organization.store.get(owner.table, owner.id)?.values ?? {};
  const isTeam = owner.table === 'team';
  if (values['isdisabled'] === true)
    throw new DataverseError(
      403,
      '0x80040225',
      'The specified user is either disabled or is not a member of any business unit.',
    );
  if (isTeam && values['teamtype'] === ACCESS_TEAM)
    throw new DataverseError(
      400,
      '0x80048340',
      'You cannot assign a record to the access team. You can assign a record to the owner team.',
    );
  const reach = new Reach(organization, owner);
  const privilege = privilegeName(table, 'Read');
  if (privilege === undefined || reach.holds(privilege)) return;
  if (organization.settings.current.assigneeRefusal === 'PrivilegeDenied')
    throw new DataverseError(
      403,
      '0x80040220',
      `Principal ${isTeam ? 'team' : 'user'} (Id=${owner.id}, type=${isTeam ? 9 : 8}) is missing ${privilege} privilege for entity '${table.logicalName}'.`,
    );
  if (rolesOf(organization, owner).length === 0 && isTeam)
    throw new DataverseError(400, '0x80042f0a', 'The team has not been assigned any roles.');
  if (rolesOf(organization, owner).length === 0)
    throw new DataverseError(403, '0x80042f09', 'The user has not been assigned any roles.');
  // PrincipalPrivilegeDenied is among the types of 403 in "Compose HTTP requests and handle errors".
  throw new DataverseError(403, '0x80040231', 'Target user or team does not hold required privileges.');
}
