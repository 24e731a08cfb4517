// The parties of an appointment: those that a write may hold.
import { PARTY_ROLES, type Party } from '../model/rows.ts';

/**
 * The parties that can be written: Dynamics itself keeps those for owner and regarding, and leaves one of nobody behind
 * when a contact is deleted.
 */
export function withoutDerived(parties: readonly Party[]): readonly Party[] {
  return parties.filter(
    ({ role, target, address }) =>
      role !== PARTY_ROLES.regarding && role !== PARTY_ROLES.owner && (target !== null || address !== undefined),
  );
}
