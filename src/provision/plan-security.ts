// Plans roles and the application user.

import { connectorRole, type Role, roles } from './roles.ts';
import type { SecurityCall } from './security-calls.ts';
import { type Planner, type Step, unchanged } from './step.ts';

/** Privileges are added and never taken away: what else a role may do is the administrator's decision. */
export function planRoles(planner: Planner): Step[] {
  return roles.map((role) => planRole(planner, role));
}

function planRole({ current }: Planner, role: Role): Step {
  const component = `role ${role.name}`;
  const { privileges: existing, rootBusinessUnitId: businessUnitId, roles: found } = current.security;
  const known = found.get(role.id);
  const lacks = (name: string) => {
    const id = existing.get(name);
    return id === undefined || known?.privileges.has(id) !== true;
  };
  const required = role.privileges.filter(lacks);
  const optional = role.optionalPrivileges.filter((name) => existing.has(name) && lacks(name));
  const ownRows = (role.ownRowsPrivileges ?? []).filter((name) => {
    const id = existing.get(name);
    return id === undefined || known?.held.has(id) !== true;
  });
  const roleId = known?.id ?? role.id;
  const grant: SecurityCall = {
    kind: 'grant',
    roleId,
    businessUnitId,
    required,
    optional,
    ...(ownRows.length > 0 && { ownRows }),
  };
  if (known !== undefined) {
    return required.length + optional.length + ownRows.length === 0
      ? unchanged(component)
      : { component, change: 'updated', calls: [grant] };
  }
  const body = {
    roleid: role.id,
    name: role.name,
    description: role.description,
    'businessunitid@odata.bind': `/businessunits(${businessUnitId})`,
  };
  return { component, change: 'created', calls: [{ kind: 'create-role', body }, grant] };
}

/**
 * The user that the connector signs in as: created for its client id in the root business unit, and given our role.
 * Source: Microsoft Learn, "Use single-tenant server-to-server authentication" (application users).
 */
export function planApplicationUser({ current, applicationId, conflicts }: Planner): Step[] {
  if (applicationId === undefined) return [];
  const component = `application user ${applicationId}`;
  const { applicationUser: found, rootBusinessUnitId, roles: known } = current.security;
  const assign = { kind: 'assign-role', roleName: connectorRole.name } as const;
  if (found === undefined) {
    const body = {
      applicationid: applicationId,
      'businessunitid@odata.bind': `/businessunits(${rootBusinessUnitId})`,
    };
    const role = { ...assign, userId: undefined, businessUnitId: rootBusinessUnitId };
    return [{ component, change: 'created', calls: [{ kind: 'create-user', body }, role] }];
  }
  if (found.disabled) conflicts.push(`${component} is disabled: an administrator must activate it first`);
  const ours = known.get(connectorRole.id)?.id;
  if (found.roles.some(({ id, name }) => id === ours || name === connectorRole.name)) return [unchanged(component)];
  const role = { ...assign, userId: found.id, businessUnitId: found.businessUnitId };
  return [{ component, change: 'updated', calls: [role] }];
}
