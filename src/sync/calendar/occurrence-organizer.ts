// The agent as organizer of an absence or a plage.

import type { Guid } from '../model/link-names.ts';
import { type AppointmentRow, PARTY_ROLES, type Party } from '../model/rows.ts';
import type { Reference } from '../model/values.ts';
import { withoutDerived } from '../rules/parties.ts';

/** The user among owners; a team organizes nothing. */
export const userAmongOwners = (owner: Reference | null): Guid | undefined =>
  owner?.table === 'systemuser' ? owner.id : undefined;

/**
 * The agent is the organizer too: Exchange takes an appointment out of Outlook only when its organizer's own is deleted
 * (Microsoft Learn, "Synchronization logic for appointments"). Nobody is invited, because nobody attends.
 */
export function organizerParty(user: Guid | undefined): readonly Party[] {
  return user === undefined ? [] : [{ role: PARTY_ROLES.organizer, target: { table: 'systemuser', id: user } }];
}

/**
 * The complete list of parties when the agent changed; `undefined` when it is the same. An organizer whom people chose
 * stays.
 */
export function organizersAfter(
  row: AppointmentRow,
  former: Guid | undefined,
  user: Guid | undefined,
): readonly Party[] | undefined {
  if (former === user) return undefined;
  const others = withoutDerived(row.parties).filter(
    ({ role, target }) => role !== PARTY_ROLES.organizer || target?.id !== former,
  );
  const isTaken = others.some(({ role }) => role === PARTY_ROLES.organizer);
  return isTaken ? others : [...others, ...organizerParty(user)];
}
