// Usagers who are seen for the first time, and the contacts that Dynamics has of them already.
import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { Context } from '../model/context.ts';
import type { ContactRow } from '../model/rows.ts';
import { type Sought, toSought } from '../model/sought.ts';
import { tidy, toColumn } from '../rules/fit.ts';
import { hadContact } from '../rules/link-writes.ts';
import { change, draftOf } from './contact-drafts.ts';
import type { Presence } from './departure.ts';
import { usagerLink } from './people-names.ts';
import type { UsagerDecision } from './usager-case.ts';

export interface Ties {
  readonly contacts: ReadonlyMap<UsagerId, ContactRow>;
  /** Whom contacts must be looked for first. */
  readonly unread: readonly Sought[];
}

/** One query each, in one batch, which takes 1,000 operations (Microsoft Learn, "Execute batch operations"). */
const MOST_AT_ONCE = 500;

const NO_TIES: Ties = { contacts: new Map(), unread: [] };

/**
 * Decides whom a notification ties to an existing contact. Decided once: whoever has, or had, a contact is no newcomer.
 * A body without birth date proves nobody.
 */
export function tieNewcomers(
  usagers: readonly Usager[],
  presences: ReadonlyMap<UsagerId, Presence>,
  { known, match }: Context,
): Ties {
  if (match === undefined) return NO_TIES;
  const newcomers = usagers.flatMap((usager) => {
    const sought = soughtFor(usager);
    const link = known.links.get(usagerLink(usager.id)) ?? null;
    const isNew = link?.contactId == null && !hadContact(link) && link?.removedOn == null && link?.state !== 'removed';
    return sought !== undefined && isNew && comes(usager, presences.get(usager.id)) ? { usager, sought } : [];
  });
  if (newcomers.length > MOST_AT_ONCE) return NO_TIES;
  const unread = newcomers.flatMap(({ sought }) => (known.candidates.has(sought) ? [] : sought));
  if (unread.length > 0) return { ...NO_TIES, unread };
  const asked = newcomers.map(({ usager, sought }) => ({ usager, candidates: known.candidates.get(sought) ?? [] }));
  return { contacts: match(asked), unread: [] };
}

/** Whether the notification brings the person: nobody is tied by a notification that says goodbye. */
function comes(usager: Usager, presence: Presence | undefined): boolean {
  const goes = presence !== undefined && (presence.removedOn !== null || !presence.bringsCopy);
  return !isAnonymised(usager) && !goes;
}

/** A name as a contact has it: one that is longer than the column would make an address that Dataverse refuses. */
function asStored(column: 'firstname' | 'lastname', name: string | null | undefined): string | null {
  const { value } = toColumn('contact', column, tidy(name));
  return typeof value === 'string' ? value : null;
}

function soughtFor({ birth_date, first_name, last_name, birth_name }: Usager): Sought | undefined {
  if (birth_date == null) return undefined;
  const families = [last_name, birth_name].flatMap((name) => asStored('lastname', name) ?? []);
  const firstName = asStored('firstname', first_name);
  return toSought({ birthDate: birth_date, firstName, families: [...new Set(families)] });
}

/**
 * A tie writes the contact in any case, on condition that it is as it was read: of two usagers who find it at once, only
 * one gets it. Where nothing else is to be written, the birth date is written again as it stands.
 */
export function asTie(decision: UsagerDecision, row: ContactRow, usager: UsagerId): UsagerDecision {
  const draft = decision.draft ?? draftOf(row, usager);
  const isWritten = Object.keys(draft.write).length + Object.keys(draft.state).length > 0;
  return {
    ...decision,
    record: { ...decision.record, outcome: 'applied', tied: true },
    draft: isWritten ? draft : change(draft, { birthdate: row.columns['birthdate'] ?? null }),
  };
}
