// Dynamics deletes an appointment with the contact that it regards (Microsoft Learn, "Contact table",
// Contact_Appointments: Delete Cascade). Nobody meant the RDV itself, which its agent still has to keep.
import type { UsagerId } from '../../rdv-solidarites/models.ts';
import { usagerLink } from '../people/people-names.ts';
import { hadContact } from '../rules/link-writes.ts';
import { hashOf, isSaid } from '../rules/reconcile.ts';
import { type RdvCase, type RdvDecision, REGARDING } from './rdv-case.ts';

export interface Cascade {
  readonly happened: boolean;
  /** Rows to read before it is known. */
  readonly missing?: RdvDecision['missing'];
}

/** Whether Dynamics deleted the appointment together with the one contact that it regarded. */
export function wentWithItsPerson({ name, link, context: { known } }: RdvCase): Cascade {
  const regarded = link?.applied.columns[REGARDING];
  const [usager, ...others] = Object.keys(link?.applied.attendees ?? {});
  const regardedOne = regarded !== undefined && !isSaid(regarded, hashOf(name, REGARDING, null));
  if (!regardedOne || usager === undefined || others.length > 0) return { happened: false };
  const person = usagerLink(Number(usager) as UsagerId);
  const row = known.links.get(person);
  if (row === undefined) return { happened: false, missing: { links: [person], contact: [] } };
  const gone = row?.contactId == null || known.contact.get(row.contactId) === null;
  return { happened: hadContact(row) && gone };
}
