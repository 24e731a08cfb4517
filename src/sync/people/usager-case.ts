// The input of a decision about one usager, and the parts of its result.
import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager } from '../../rdv-solidarites/models.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import { type Guid, type LinkName, linkId } from '../model/link-names.ts';
import type { Outcome, OutcomeReason, RecordDecision, Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { instantOf, rank } from '../model/version.ts';
import { hadContact, type LinkContent, orderOfLink } from '../rules/link-writes.ts';
import type { Draft } from './contact-drafts.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import type { Presence } from './departure.ts';
import { usagerLink } from './people-names.ts';
import { isPresent, othersThan } from './sharers.ts';

export interface UsagerGiven {
  readonly usager: Usager;
  readonly link: LinkRow | null;
  /** The contact that the link leads to, merges followed, as the notification leaves it so far; null for none. */
  readonly draft: Draft | null;
  readonly responsible: ResponsibleContact;
  /** What the notification says of the usager's presence; undefined when it says nothing. */
  readonly presence: Presence | undefined;
  /** Links that lead to the same contact; read when the notification may end a presence, or clears a column. */
  readonly companions: readonly LinkRow[] | undefined;
  readonly context: Pick<Context, 'stamp' | 'policy' | 'relyOn' | 'glance'>;
}

export interface UsagerCase extends UsagerGiven {
  readonly name: LinkName;
  /** Since when the usager is away, as this notification leaves it; null for one who is there. */
  readonly removedOn: string | null;
  /** Whether the usager, who was missing at the sender, is there again. */
  readonly lifted: boolean;
  /** The contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  readonly contact: Guid | null | undefined;
  /** Whether the link remembers values of a contact that is gone for good. */
  readonly outlived: boolean;
  /** What the link remembers, without what outlived its contact. */
  readonly remembered: Applied;
  /** Links of others who share the contact, and those among them who are with the sender. */
  readonly others: readonly LinkRow[];
  readonly sharers: readonly LinkRow[];
}

export interface UsagerDecision {
  readonly record: RecordDecision;
  readonly link: Write | undefined;
  /** The contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  readonly contact: Guid | null | undefined;
  /** The contact as this decision leaves it; undefined where it does not touch it. */
  readonly draft: Draft | undefined;
  readonly cut: readonly string[];
  readonly unfit: readonly string[];
  /** Links of others who share the contact: they forget the person with this one, or answer for what it says no more. */
  readonly ofOthers: readonly Write[];
  /** What the link is to remember; undefined where it stays as it is. */
  readonly applied: Applied | undefined;
  /** Whether it must be known first who shares the contact: it is about to lose something. */
  readonly asksWhoShares: boolean;
}

export function openUsager(given: UsagerGiven): UsagerCase {
  const { usager, link, draft, companions, context } = given;
  const name = usagerLink(usager.id);
  const contact = draft?.id ?? (hadContact(link) ? null : undefined);
  // A hash tells who has the value in mind whether it was this person's: it goes with the contact.
  // Where a contact may come back, its bodies still tell a repeat from news.
  const staysOut = context.policy.onDeletedInDynamics === 'keep-out' || link?.state === 'removed';
  const outlived = contact === null && staysOut && link !== null && holdsHashes(link.applied);
  const others = othersThan(name, companions ?? []);
  const lifted = isLifted(given);
  return {
    ...given,
    name,
    removedOn: removalAfter(given, lifted),
    lifted,
    contact,
    outlived,
    remembered: outlived ? withoutHashes(link.applied) : (link?.applied ?? NOTHING_APPLIED),
    others,
    sharers: others.filter(isPresent),
  };
}

/** Only a newer copy of the person shows that the sender has the usager after all. */
function isLifted({ usager, link, presence, context }: UsagerGiven): boolean {
  if (link?.state !== 'missing' || presence?.destroyed || presence?.missing || isAnonymised(usager)) return false;
  return rank(orderOfLink(link), context.stamp).kind === 'newer';
}

/** Since when the usager is away. The end of a membership, known before the usager was found missing, stays an end. */
function removalAfter({ link, presence }: UsagerGiven, lifted: boolean): string | null {
  const before = link?.removedOn ?? null;
  const stays = link?.state === 'missing' && !lifted && presence?.destroyed !== true;
  if (stays) return before;
  if (presence !== undefined) return presence.removedOn;
  const missingSince = link?.version == null ? undefined : toSeconds(instantOf(link.version));
  return lifted && before === missingSince ? null : before;
}

/** A decision that leaves everything as it is. */
export function nothingFor(
  { name, contact, context }: UsagerCase,
  outcome: Outcome,
  reason?: OutcomeReason,
): UsagerDecision {
  // These follow from more of the link than its order.
  if (reason === 'departed' || reason === 'deleted-in-dynamics') context.relyOn(linkId(name));
  return {
    record: { record: name, outcome, ...(reason === undefined ? {} : { reason }) },
    link: undefined,
    contact,
    draft: undefined,
    cut: [],
    unfit: [],
    ofOthers: [],
    applied: undefined,
    asksWhoShares: false,
  };
}

/** What the link is to say of the usager's presence. */
export function presenceContent({ presence, removedOn, lifted }: UsagerCase): Partial<LinkContent> {
  if (lifted) return { removedOn, state: 'live' };
  if (presence === undefined) return {};
  const state = presence.destroyed ? 'removed' : presence.missing ? 'missing' : undefined;
  return { removedOn, ...(state && { state }) };
}

/** A memory without hashes of values, or of bodies that name them. */
export const withoutHashes = (applied: Applied): Applied => ({ ...applied, columns: {}, bodies: {} });

function holdsHashes({ columns, bodies }: Applied): boolean {
  return Object.keys(columns).length + Object.keys(bodies).length > 0;
}
