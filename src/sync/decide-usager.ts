// One usager → one contact and its link.
import type { Usager } from '../rdv-solidarites/models.ts';
import type { Policy } from '../settings.ts';
import { type ContactDrafts, change, type Draft, isNew } from './contact-drafts.ts';
import { contactMapping, type ResponsibleContact } from './contact-mapping.ts';
import { applyDeparture, type Presence } from './departure.ts';
import { toColumn } from './fit.ts';
import { hadContact, type LinkContent, linkWrite, orderOfLink } from './link-writes.ts';
import { type Applied, type Guid, type LinkName, linkId, NOTHING_APPLIED, newContactId, usagerLink } from './links.ts';
import { isAnonymised } from './people.ts';
import type { Outcome, Reason, RecordDecision, Write } from './plan.ts';
import { reconcile } from './reconcile.ts';
import type { ContactRow, LinkRow } from './rows.ts';
import { orderOf, rank, type Stamp, type Standing } from './version.ts';

/** What one usager is decided from. */
export interface UsagerCase {
  readonly usager: Usager;
  readonly link: LinkRow | null;
  /** The contact that the link leads to, merges followed; null when there is none. */
  readonly row: ContactRow | null;
  readonly responsible: ResponsibleContact;
  /** What the notification says of the usager's presence; undefined when it says nothing. */
  readonly presence: Presence | undefined;
  /** Links that lead to the same contact; read when the notification may end a presence. */
  readonly companions: readonly LinkRow[];
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
  /** Links of others who left before, which must forget the person with this one. */
  readonly forgotten: readonly Write[];
  /** Rows whose content led to this decision. */
  readonly assumes: readonly Guid[];
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
  let forgotten: readonly Write[] = [];

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
    const changes = reconcile({ wanted, current: draft.columns, applied: applied.columns, scope: name });
    change(draft, changes.write);
    const { tied: _, ...untied } = applied;
    const memory = afterDeparture(draft, { ...untied, columns: changes.applied, bodies: order.bodies });
    const changed = isNew(draft) || differs(draft.write, before) || draft.state !== stateBefore;
    return {
      ...without(changed ? 'applied' : 'unchanged'),
      contact: draft.id,
      cut,
      forgotten,
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
    return { ...without(outcome, reason), assumes, forgotten, link: linkWrite(link, content) };
  }

  /** Only a notification about presence ends it, or a contact that comes after the end. */
  function afterDeparture(draft: Draft, applied: Applied): Applied {
    if (presence === undefined && !isNew(draft)) return applied;
    // A contact that somebody else still stands for is left as it is.
    const others = given.companions.filter((other) => isOtherUsager(other, name));
    const leaves = departed && !others.some(isPresent);
    if (leaves && policy.onUsagerRemoved === 'anonymise') forgotten = others.flatMap(forget);
    return applyDeparture(policy.onUsagerRemoved, { draft, applied, scope: name, departed: leaves, others });
  }

  function presenceContent(): Partial<LinkContent> {
    return presence === undefined ? {} : { removedOn, ...(presence.destroyed ? { state: 'removed' } : {}) };
  }

  function without(outcome: Outcome, reason?: Reason): UsagerDecision {
    const record = { record: name, outcome, ...(reason === undefined ? {} : { reason }) };
    const assumes = reason === 'departed' || reason === 'deleted-in-dynamics' ? [linkId(name)] : [];
    return { record, link: undefined, contact: known, cut: [], forgotten: [], assumes };
  }
}

function isOtherUsager({ name }: LinkRow, own: LinkName): boolean {
  return name !== own && name.startsWith('usager-');
}

function isPresent({ state, removedOn }: LinkRow): boolean {
  return state === 'live' && removedOn === null;
}

/** Whether a memory still holds hashes of values, or of bodies that name them. */
function outlives({ columns, bodies }: Applied): boolean {
  return Object.keys(columns).length + Object.keys(bodies).length > 0;
}

const withoutHashes = (applied: Applied): Applied => ({ ...applied, columns: {}, bodies: {} });

function forgetting(link: LinkRow): Write {
  return linkWrite(link, { name: link.name, version: link.version, applied: withoutHashes(link.applied) });
}

/** A hash of a name is still about a person. */
function forget(link: LinkRow): readonly Write[] {
  const { name, version, applied } = link;
  const knows = Object.keys(applied.columns).length > 0;
  return knows ? [linkWrite(link, { name, version, applied: { ...applied, columns: {} } })] : [];
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
