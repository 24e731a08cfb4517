// Which owner Dataverse refused: one who may not read the row, is disabled, or is a team that owns nothing.
// Microsoft Learn, "Assign or share rows", "Manage teams"; codes by "Web service error codes".
import type { Failure } from '../dataverse/failure.ts';
import type { WrittenTable } from '../schema/tables.ts';
import type { Write } from '../sync/model/plan.ts';
import type { Reference } from '../sync/model/values.ts';

export interface RefusedOwner extends Reference {
  /** Of what: an agent who may own RDV need not be allowed to read participations and referents, as “Lecture” allows. */
  readonly of: 'participations' | 'rows';
  readonly code: string;
}

/** Refused alike: one role lets people read both. */
const READ_BY_LECTURE: readonly WrittenTable[] = ['rdvs_participation', 'rdvs_referent'];

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
 * table that the code is about. Owners of participations are suspected before the others, whose RDV then stay theirs, and
 * users before teams. Empty when the failure is about something else.
 */
export function ownersRefused(
  { code, principal, missing }: Failure,
  writes: readonly Write[],
): readonly RefusedOwner[] {
  const folded = code.toLowerCase();
  const isAboutOwners = CODES.has(folded);
  if (!isAboutOwners && folded !== PRIVILEGE_DENIED) return [];
  const owners = ownersIn(writes).map((owner) => ({ ...owner, code }));
  const named = owners.filter(({ id }) => id === principal);
  if (named.length > 0 && missing !== undefined) {
    const of = READ_BY_LECTURE.some((table) => missing.endsWith(table)) ? 'participations' : 'rows';
    const meant = named.filter((owner) => owner.of === of);
    // One who is to own no participation yet is refused for those that would follow the appointment.
    return meant.length > 0 ? meant : named;
  }
  if (named.length === 0 && !isAboutOwners) return [];
  const table = CODES.get(folded);
  return firstOf(named.length > 0 ? named : owners.filter((owner) => table === undefined || owner.table === table));
}

/** The owners that are suspected first: those of one table, of the same rows. */
function firstOf(owners: readonly RefusedOwner[]): readonly RefusedOwner[] {
  const groups = (['participations', 'rows'] as const).flatMap((of) =>
    ['systemuser', 'team'].map((table) => owners.filter((owner) => owner.of === of && owner.table === table)),
  );
  return groups.find((group) => group.length > 0) ?? [];
}

/** The owners to remember: those refused last. Those before them may have been suspected wrongly. */
export function certainlyRefused(refused: readonly RefusedOwner[]): readonly RefusedOwner[] {
  const last = refused.at(-1);
  return refused.filter(({ table, of }) => table === last?.table && of === last.of);
}

function ownersIn(writes: readonly Write[]): readonly Omit<RefusedOwner, 'code'>[] {
  const owners = writes.flatMap(({ table, columns }): readonly Omit<RefusedOwner, 'code'>[] => {
    const owner = columns['ownerid'];
    const of = READ_BY_LECTURE.includes(table) ? 'participations' : 'rows';
    return typeof owner === 'object' && owner !== null ? [{ ...owner, of }] : [];
  });
  return [...new Map(owners.map((owner) => [`${owner.of} ${owner.id}`, owner])).values()];
}
