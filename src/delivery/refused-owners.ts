// Which owner Dataverse refused: one who may not read the row, is disabled, or is a team that owns nothing.
// Microsoft Learn, "Assign or share rows", "Manage teams"; codes by "Web service error codes".
import type { Failure } from '../dataverse/failure.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Write } from '../sync/model/plan.ts';
import type { Reference } from '../sync/model/values.ts';

export interface RefusedOwner extends Reference {
  readonly code: string;
}

const PRIVILEGE_DENIED = '0x80040220';

/** Code → of which table the refused owner is; undefined where either may be meant. */
const CODES: ReadonlyMap<string, 'systemuser' | 'team' | undefined> = new Map([
  ['0x80040231', undefined], // PrincipalPrivilegeDenied
  ['0x8004032d', undefined], // CannotAssignToDisabledBusiness
  ['0x80042f09', 'systemuser'], // UserNotAssignedRoles
  ['0x80040225', 'systemuser'], // disabled
  ['0x80048340', 'team'], // CannotAssignToAccessTeam
  ['0x80042f0a', 'team'], // TeamNotAssignedRoles
]);

/**
 * The owners in a failed change set that the failure may be about: the one that the server names, else all owners of the
 * table that the code is about, users before teams. Empty when the failure is about something else.
 */
export function ownersRefused({ code, principal }: Failure, writes: readonly Write[]): readonly RefusedOwner[] {
  const folded = code.toLowerCase();
  const isAboutOwners = CODES.has(folded);
  if (!isAboutOwners && folded !== PRIVILEGE_DENIED) return [];
  const owners = ownersIn(writes).map((owner) => ({ ...owner, code }));
  const named = owners.filter(({ id }) => id === principal);
  if (named.length > 0 || !isAboutOwners) return named;
  const suspects = (wanted: string) => owners.filter(({ table }) => table === wanted);
  const table = CODES.get(folded);
  if (table !== undefined) return suspects(table);
  const users = suspects('systemuser');
  return users.length > 0 ? users : suspects('team');
}

/** The owners to remember. When teams were refused after users, the users may have been suspected wrongly. */
export function certainlyRefused(refused: readonly RefusedOwner[]): readonly Guid[] {
  const teams = refused.filter(({ table }) => table === 'team');
  return (teams.length > 0 ? teams : refused).map(({ id }) => id);
}

function ownersIn(writes: readonly Write[]): readonly Reference[] {
  const owners = writes.flatMap(({ columns }): readonly Reference[] => {
    const owner = columns['ownerid'];
    return typeof owner === 'object' && owner !== null ? [owner] : [];
  });
  return [...new Map(owners.map((owner) => [owner.id, owner])).values()];
}
