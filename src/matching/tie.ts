// Decides, from the rows that were read, whether a usager is tied to an existing contact.
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { type Applied, NOTHING_APPLIED } from '../sync/model/applied.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Write } from '../sync/model/plan.ts';
import type { Known, LinkRow } from '../sync/model/rows.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { linkWrite } from '../sync/rules/link-writes.ts';
import { follow } from '../sync/rules/merges.ts';

export type TieRefusal = 'contact-not-found' | 'contact-inactive' | 'already-tied' | 'usager-removed';

export type Tie =
  | { readonly kind: 'write'; readonly write: Write }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: TieRefusal }
  /** The contact was merged: read the contact that was kept, then decide again. */
  | { readonly kind: 'needs'; readonly contact: Guid };

export interface WantedTie {
  readonly usager: UsagerId;
  readonly contact: Guid;
  /** What to do when the usager already has another contact. */
  readonly whenTied: 'refuse' | 'move';
}

/**
 * Decides about one usager. Only the link is written, on condition that nobody changed it in between. The contact is
 * not touched before the usager's next notification, which fills its empty columns.
 */
export function decideTie({ usager, contact, whenTied }: WantedTie, known: Known): Tie {
  const target = follow(known, contact);
  if (target === null) return refused('contact-not-found');
  if ('unread' in target) return { kind: 'needs', contact: target.unread };
  if (!target.active) return refused('contact-inactive');
  const name = usagerLink(usager);
  const link = known.links.get(name) ?? null;
  if (link?.state === 'removed') return refused('usager-removed');
  const present = link?.contactId == null ? null : follow(known, link.contactId);
  if (present !== null && 'unread' in present) return { kind: 'needs', contact: present.unread };
  if (present?.id === target.id) return { kind: 'unchanged' };
  if (present !== null && whenTied === 'refuse') return refused('already-tied');
  const version = link?.version ?? null;
  return { kind: 'write', write: linkWrite(link, { name, version, applied: untouched(link), contact: target.id }) };
}

function refused(reason: TieRefusal): Tie {
  return { kind: 'refused', reason };
}

/** Nothing was ever written to the new contact, so the link forgets the columns of the former contact. */
function untouched(link: LinkRow | null): Applied {
  const applied = { ...(link?.applied ?? NOTHING_APPLIED), columns: {} };
  return link?.version == null ? { ...applied, tied: true } : applied;
}
