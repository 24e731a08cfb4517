// Plans how the columns of the connector's memory are secured. The order protects a connector that is running: profile,
// membership of its user, proof of both, then security, publication and permissions. Dataverse refuses a permission on a
// column that is not secured yet, so for some moments the user reads null: it then puts notifications back.

import { memoryProfile, nameOf, type SecuredColumn, securedColumns } from '../schema/memory-profile.ts';
import type { ProfileCall } from './calls-profile.ts';
import { type Planner, type Step, unchanged } from './step.ts';

const component = `profile ${memoryProfile.name}`;

/** Nothing is secured without a user who could then read it. */
export function planProfile(planner: Planner): Step[] {
  const { current, applicationId } = planner;
  if (applicationId === undefined) return [];
  const userId = current.security.applicationUser?.id;
  const missing = securedColumns.filter((column) => !isReady(planner, column));
  const isMember = userId !== undefined && current.security.profile?.members.has(userId) === true;
  const member = `${component}, member ${applicationId}`;
  const proof: ProfileCall = { kind: 'prove-member', userId };
  return [
    createProfile(planner),
    isMember && missing.length === 0
      ? unchanged(member)
      : {
          component: member,
          change: isMember ? 'updated' : 'created',
          calls: isMember ? [proof] : [{ kind: 'add-member', userId }, proof],
        },
    ...securedColumns.map((column) => planColumn(planner, column)),
    ...planPermissions(planner, missing, userId),
  ];
}

/** Whether a column is secured and the profile gives its members everything on it. */
function isReady({ current }: Planner, column: SecuredColumn): boolean {
  return isSecured({ current }, column) && current.security.profile?.permissions.get(nameOf(column))?.whole === true;
}

function createProfile({ current }: Planner): Step {
  if (current.security.profile !== undefined) return unchanged(component);
  const { id: fieldsecurityprofileid, name, description } = memoryProfile;
  const body = { fieldsecurityprofileid, name, description };
  return { component, change: 'created', calls: [{ kind: 'create-profile', body }] };
}

function planColumn({ current }: Planner, column: SecuredColumn): Step {
  const secured = `${nameOf(column)}, secured`;
  if (isSecured({ current }, column)) return unchanged(secured);
  return { component: secured, change: 'updated', calls: [{ kind: 'secure', ...column }] };
}

export function isSecured({ current }: Pick<Planner, 'current'>, { table, column }: SecuredColumn): boolean {
  return current.tables.get(table)?.columns.get(column)?.secured === true;
}

/** An interrupted run may have secured a column without publishing it, hence one publication before any permission. */
function planPermissions({ current }: Planner, missing: readonly SecuredColumn[], userId: string | undefined): Step[] {
  if (missing.length === 0) return [];
  const entities = [...new Set(missing.map(({ table }) => `<entity>${table}</entity>`))].join('');
  const ParameterXml = `<importexportxml><entities>${entities}</entities></importexportxml>`;
  const calls = missing.map((column): ProfileCall => {
    const permissionId = current.security.profile?.permissions.get(nameOf(column))?.id;
    return { kind: 'allow', ...column, permissionId };
  });
  return [
    {
      component: 'publication of column security',
      change: 'updated',
      calls: [{ kind: 'publish', body: { ParameterXml } }],
    },
    {
      component: `${component}, permissions`,
      change: 'updated',
      calls: [...calls, { kind: 'prove-reading', userId }],
    },
  ];
}
