// The responsible of a proche, whose contact may have been merged in Dynamics since it was written.
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { Applied } from '../model/applied.ts';
import type { ContactRow, Known, LinkRow, ReadRequest } from '../model/rows.ts';
import { follow } from '../rules/merges.ts';
import { hashOf, isSaidOnly } from '../rules/reconcile.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import { usagerLink } from './people-names.ts';

const RESPONSIBLE = 'rdvs_responsible';

interface Understood {
  readonly link: LinkRow | null;
  /** Rows to read first. */
  readonly lacks?: Partial<Pick<ReadRequest, 'links' | 'contact'>>;
}

/**
 * A merge replaces lookups: where the contact of the responsible that we wrote became the one that stands there now, the
 * value is still ours, to be cleared when the sender or an anonymisation says so.
 */
export function understandMerges(link: LinkRow | null, row: ContactRow | null, known: Known): Understood {
  const present = row?.columns[RESPONSIBLE];
  const written = link?.applied.columns[RESPONSIBLE];
  const responsible = link?.applied.responsible;
  const isReference = typeof present === 'object' && present !== null;
  if (link === null || responsible === undefined || written === undefined || !isReference) return { link };
  const ours = hashOf(link.name, RESPONSIBLE, present);
  if (written === ours || isSaidOnly(written)) return { link };
  const name = usagerLink(responsible);
  const former = known.links.get(name);
  if (former === undefined) return { link, lacks: { links: [name] } };
  const contact = former?.contactId == null ? null : follow(known, former.contactId);
  if (contact !== null && 'unread' in contact) return { link, lacks: { contact: [contact.unread] } };
  if (contact?.id !== present.id) return { link };
  return { link: { ...link, applied: { ...link.applied, columns: { ...link.applied.columns, [RESPONSIBLE]: ours } } } };
}

/** The responsible to remember beside the hash of its contact: none where the sender names none. */
export function responsibleAfter(
  { responsible, responsible_id }: Usager,
  contact: ResponsibleContact,
  before: Applied,
): UsagerId | undefined {
  if (contact === undefined) return before.responsible;
  return contact === null ? undefined : (responsible?.id ?? responsible_id ?? undefined);
}
