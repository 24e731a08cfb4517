// The parties of an appointment: those that a write may hold.
import { PARTY_ROLES, type Party } from '../model/rows.ts';

/**
 * The parties that can be written. Dynamics itself keeps those for owner and regarding. When a contact is deleted, Dynamics
 * leaves its party behind with the e-mail; written back, that party would invite the deleted person.
 */
export function withoutDerived(parties: readonly Party[]): readonly Party[] {
  const isSomebody = ({ target, address, deleted }: Party) => !deleted && (target !== null || address !== undefined);
  return parties.filter(
    (party) => party.role !== PARTY_ROLES.regarding && party.role !== PARTY_ROLES.owner && isSomebody(party),
  );
}

/** Whether an e-mail of somebody who was deleted is left among the parties: only a list without it takes it away. */
export function namesDeleted(parties: readonly Party[]): boolean {
  return parties.some(({ deleted, address }) => deleted && address !== undefined);
}
