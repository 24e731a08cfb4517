// One usager → one contact and its link.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager } from '../../rdv-solidarites/models.ts';
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import { type Guid, linkId, newContactId, usagerLink } from '../model/link-names.ts';
import type { Outcome, Reason, RecordDecision, Write } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import type { ContactRow, LinkRow } from '../model/rows.ts';
import { orderOf, rank, type Stamp, type Standing } from '../model/version.ts';
import { toColumn } from '../rules/fit.ts';
import { hadContact, type LinkContent, linkWrite, orderOfLink } from '../rules/link-writes.ts';
import { hashOf, reconcile } from '../rules/reconcile.ts';
import { type ContactDrafts, change, type Draft, isNew } from './contact-drafts.ts';
import { CONTACT_GROUPS, contactMapping, type ResponsibleContact } from './contact-mapping.ts';
import { applyDeparture, noticeReactivation, type Presence } from './departure.ts';
import { responsibleAfter } from './responsibles.ts';
import { forget, handOver, isPresent, othersThan, says } from './sharers.ts';

/** What one usager is decided from. */
export interface UsagerCase {
  readonly usager: Usager;
  readonly link: LinkRow | null;
  /** The contact that the link leads to, merges followed; null when there is none. */
  readonly row: ContactRow | null;
  readonly responsible: ResponsibleContact;
  /** What the notification says of the usager's presence; undefined when it says nothing. */
  readonly presence: Presence | undefined;
  /** Links that lead to the same contact; read when the notification may end a presence, or clears a column. */
  readonly companions: readonly LinkRow[] | undefined;
  readonly stamp: Stamp;
  readonly policy: Policy;
  readonly drafts: ContactDrafts;
}

export interface UsagerDecision {
  readonly record: RecordDecision;
  readonly link: Write | undefined;
  /** The contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  readonly contact: Guid | null | undefined;
  readonly cut: readonly string[];
  /** Links of others who share the contact: they forget the person with this one, or answer for what it says no more. */
  readonly ofOthers: readonly Write[];
  /** Rows whose content led to this decision. */
  readonly assumes: readonly Guid[];
  /** What the link is to remember; undefined where it stays as it is. */
  readonly applied: Applied | undefined;
  /** Whether it must be known first who shares the contact: it is about to lose something. */
  readonly asksWhoShares: boolean;
}

/** Decides about one usager by its own version, whatever becomes of the record that names it. */
export function decideUsager(given: UsagerCase): UsagerDecision {
  const { usager, link, row, presence, stamp, policy, drafts } = given;
  const name = usagerLink(usager.id);
  const removedOn = presence === undefined ? (link?.removedOn ?? null) : presence.removedOn;
  const departed = removedOn !== null;
  const known = row?.id ?? (hadContact(link) ? null : undefined);

  // A hash tells who has the value in mind whether it was this person's: it goes with the contact.
  // Where a contact may come back, its bodies still tell a repeat from news.
  const staysOut = policy.onDeletedInDynamics === 'keep-out' || link?.state === 'removed';
  const outlived = known === null && staysOut && link !== null && outlives(link.applied);
  const remembered = outlived ? withoutHashes(link.applied) : (link?.applied ?? NOTHING_APPLIED);
  const others = othersThan(name, given.companions ?? []);
  const sharers = others.filter(isPresent);

  let ofOthers: readonly Write[] = [];

  if (link?.state === 'removed' && presence?.destroyed !== true) {
    return outlived ? { ...without('stale', 'destroyed'), link: forgetting(link) } : without('stale', 'destroyed');
  }
  if (isAnonymised(usager)) return onlyPresence('ignored', 'anonymised');
  if (departed && policy.onUsagerRemoved === 'anonymise' && (link === null || link.removedOn !== null)) {
    return onlyPresence('ignored', 'departed');
  }
  if (presence?.bringsCopy === false) return onlyPresence('ignored', 'departed');
  if (known === null && (departed || policy.onDeletedInDynamics === 'keep-out')) {
    return onlyPresence('ignored', 'deleted-in-dynamics');
  }

  const standing = standingOf(given);
  if (standing.kind === 'newer') return applyCopy(standing);
  const reason = standing.kind === 'repeat' ? 'already-applied' : undefined;
  return onlyPresence('stale', reason, standing.order);

  function applyCopy({ order }: Extract<Standing, { kind: 'newer' }>): UsagerDecision {
    const draft =
      row === null ? drafts.create(newContactId(name, stamp.notificationId), usager.id) : drafts.of(row, usager.id);
    const before = draft.write;
    const stateBefore = draft.state;
    const applied = row === null ? NOTHING_APPLIED : (link?.applied ?? NOTHING_APPLIED);
    const { wanted, cut } = wantedOf(given);
    const changes = reconcile({
      wanted,
      current: draft.columns,
      applied: applied.columns,
      scope: name,
      groups: CONTACT_GROUPS,
      isHeld: (column, present) => sharers.some((other) => says(other, column, present)),
    });
    const loses = Object.entries(changes.write).some(
      ([column, value]) => value === null && draft.columns?.[column] != null,
    );
    const released = Object.entries(draft.columns ?? {}).filter(
      ([column, present]) =>
        wanted[column] === null &&
        !(column in changes.write) &&
        applied.columns[column] === hashOf(name, column, present),
    );
    ofOthers = handOver(Object.fromEntries(released), sharers);
    change(draft, changes.write);
    const { tied: _, ...untied } = applied;
    const memory = afterDeparture(draft, {
      ...untied,
      columns: changes.applied,
      responsible: responsibleAfter(usager, given.responsible, applied),
      bodies: order.bodies,
    });
    const changed = isNew(draft) || differs(draft.write, before) || draft.state !== stateBefore;
    return {
      ...without(changed ? 'applied' : 'unchanged'),
      contact: draft.id,
      applied: memory,
      asksWhoShares: loses && given.companions === undefined,
      cut,
      ofOthers,
      assumes: changes.consulted ? [draft.id, ...responsibleLinks(usager)] : [],
      link: linkWrite(link, {
        name,
        version: order.version,
        contact: draft.id,
        applied: memory,
        notificationId: stamp.notificationId,
        ...presenceContent(),
      }),
    };
  }

  /** The body's copy is not applied; what it says of the usager's presence is. */
  function onlyPresence(outcome: Outcome, reason?: Reason, order = orderOfLink(link)): UsagerDecision {
    const ordered = !outlived && (order === undefined || order.bodies === link?.applied.bodies);
    const stays = presence === undefined || (!presence.changes && removedOn === (link?.removedOn ?? null));
    if (ordered && stays) return without(outcome, reason);
    const applied: Applied = { ...remembered, bodies: outlived ? {} : (order?.bodies ?? {}) };
    const touched = presence === undefined || row === null ? undefined : drafts.of(row, usager.id);
    const memory = touched === undefined ? applied : afterDeparture(touched, applied);
    const content: LinkContent = {
      name,
      version: order?.version ?? null,
      applied: memory,
      ...(row === null ? {} : { contact: row.id }),
      ...presenceContent(),
    };
    const assumes = touched === undefined ? [] : [touched.id];
    return { ...without(outcome, reason), applied: memory, assumes, ofOthers, link: linkWrite(link, content) };
  }

  /** Only a notification about presence ends it, or a contact that comes after the end. */
  function afterDeparture(draft: Draft, before: Applied): Applied {
    const applied = noticeReactivation(draft, before);
    if (presence === undefined && !isNew(draft)) return applied;
    // A contact that somebody else still stands for is left as it is.
    const leaves = departed && sharers.length === 0;
    if (leaves && policy.onUsagerRemoved === 'anonymise') ofOthers = others.flatMap(forget);
    return applyDeparture(policy.onUsagerRemoved, { draft, applied, scope: name, departed: leaves, others });
  }

  function presenceContent(): Partial<LinkContent> {
    return presence === undefined ? {} : { removedOn, ...(presence.destroyed ? { state: 'removed' } : {}) };
  }

  function without(outcome: Outcome, reason?: Reason): UsagerDecision {
    const record = { record: name, outcome, ...(reason === undefined ? {} : { reason }) };
    const assumes = reason === 'departed' || reason === 'deleted-in-dynamics' ? [linkId(name)] : [];
    const undone = { link: undefined, applied: undefined, cut: [], ofOthers: [] };
    return { ...undone, record, contact: known, assumes, asksWhoShares: false };
  }
}

/** Whether a memory still holds hashes of values, or of bodies that name them. */
function outlives({ columns, bodies }: Applied): boolean {
  return Object.keys(columns).length + Object.keys(bodies).length > 0;
}

const withoutHashes = (applied: Applied): Applied => ({ ...applied, columns: {}, bodies: {} });

function forgetting(link: LinkRow): Write {
  return linkWrite(link, { name: link.name, version: link.version, applied: withoutHashes(link.applied) });
}

function responsibleLinks({ responsible }: Usager): readonly Guid[] {
  return responsible ? [linkId(usagerLink(responsible.id))] : [];
}

/**
 * How the copy stands. A usager who comes back after an anonymisation starts anew: what was erased has no version.
 */
function standingOf({ link, presence, stamp, policy }: UsagerCase): Standing {
  // A destruction is read last, whatever its time; among several the newest counts.
  if (presence?.destroyed) {
    return link?.state === 'removed' ? rank(orderOfLink(link), stamp) : { kind: 'newer', order: orderOf(stamp) };
  }
  const comesBack = link?.removedOn != null && presence?.removedOn === null;
  const startsAnew = comesBack && policy.onUsagerRemoved === 'anonymise';
  return rank(startsAnew ? undefined : orderOfLink(link), stamp);
}

function wantedOf({ usager, responsible }: UsagerCase) {
  const cut: string[] = [];
  const entries = Object.entries(contactMapping).map(([column, value]) => {
    const fitted = toColumn('contact', column, value(usager, responsible));
    if (fitted.cut) cut.push(`contact.${column}`);
    return [column, fitted.value] as const;
  });
  return { wanted: Object.fromEntries(entries), cut };
}

function differs(after: Draft['write'], before: Draft['write']): boolean {
  return Object.entries(after).some(([column, value]) => before[column] !== value);
}
