// Checks the roles, and the user that the connector signs in as.

import type { Current } from '../../provision/current.ts';
import { planApplicationUser } from '../../provision/plan-security.ts';
import { type Privilege, uses } from '../../provision/privileges.ts';
import { connectorRole, mergerRole, type Role, readerRole, roles } from '../../provision/roles.ts';
import type { Planner } from '../../provision/step.ts';
import { schema } from '../../schema/schema.ts';
import { type Finding, type Flaw, PROVISION, skipped, verdict, warning } from './finding.ts';

export function checkRoles(current: Current): readonly Finding[] {
  return roles.flatMap((role) => {
    const flaws = [...roleFlaws(current, role), ...(role === readerRole ? readerFlaws(current) : [])];
    return verdict(`role ${role.name}`, 'has its privileges', flaws);
  });
}

/** A privilege that does not exist belongs to a missing table, and another check reports that table. */
function roleFlaws({ security }: Current, role: Role): readonly Flaw[] {
  const found = security.roles.get(role.id);
  if (found === undefined) return [{ message: 'missing', remedy: PROVISION }];
  const lacking = (names: readonly Privilege[], held: ReadonlySet<string>, where: string) =>
    names.flatMap((name): Flaw[] => {
      const id = security.privileges.get(name);
      if (id === undefined || held.has(id)) return [];
      return [{ message: `lacks ${name} for ${where}; it serves for: ${uses(name)}`, remedy: PROVISION }];
    });
  return [
    ...lacking([...role.privileges, ...role.optionalPrivileges], found.privileges, 'the whole organization'),
    ...lacking(role.ownRowsPrivileges ?? [], found.held, 'the rows of its holders'),
  ];
}

/** Provisioning takes no privilege away: earlier versions of this role could write links. */
function readerFlaws({ security }: Current): readonly Flaw[] {
  const held = security.roles.get(readerRole.id)?.privileges;
  return (['prvWriterdvs_link', 'prvCreaterdvs_link'] as const).flatMap((name) => {
    const id = security.privileges.get(name);
    if (id === undefined || held?.has(id) !== true) return [];
    const message = `holds ${name}: with a forged link anybody leads the connector to another person's contact`;
    return [{ message, remedy: `take it from the role; who merges contacts gets ${mergerRole.name}` }];
  });
}

const ADMINISTRATOR = 'System Administrator';

export function checkApplicationUser(current: Current, applicationId: string | undefined): readonly Finding[] {
  const subject = 'application user';
  if (applicationId === undefined) {
    return [
      skipped(subject, {
        message: 'unknown here, so not checked',
        remedy: 'set AZURE_CLIENT_ID, or give --application-user, the client id of the managed identity',
      }),
    ];
  }
  const planner: Planner = { current, schema, conflicts: [], applicationId };
  const provision = `${PROVISION}, with \`--application-user ${applicationId}\``;
  const steps = planApplicationUser(planner);
  const flaws = [
    ...planner.conflicts.map((message) => ({
      message,
      remedy: 'activate it in the Power Platform admin centre (environment, Settings, Application users)',
    })),
    ...steps
      .filter(({ change }) => change !== 'unchanged')
      .map(({ change }) => ({
        message:
          change === 'created'
            ? `no user for the client id ${applicationId}`
            : `has not the role ${connectorRole.name}`,
        remedy: provision,
      })),
  ];
  const found = verdict(subject, `enabled, with the role ${connectorRole.name}`, flaws);
  const mighty = current.security.applicationUser?.roles.some(({ name }) => name === ADMINISTRATOR) === true;
  const excess = {
    message: `it is ${ADMINISTRATOR} too, which is more than it needs`,
    remedy: `take that role from it: ${connectorRole.name} is enough`,
  };
  return mighty ? [...found, warning(subject, excess)] : found;
}
