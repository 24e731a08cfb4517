// Usagers → contacts: what to write about all the people that a notification names.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import { shortHash } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import { type Guid, type LinkName, linkId } from '../model/link-names.ts';
import type { FormerColumns, RecordDecision, Write } from '../model/plan.ts';
import type { PersonWrites } from '../model/record-kind.ts';
import type { ContactRow, LinkRow, ReadRequest } from '../model/rows.ts';
import type { Sought } from '../model/sought.ts';
import type { Stamp } from '../model/version.ts';
import { follow } from '../rules/merges.ts';
import { creationOf, type Draft, draftOf, isNew, updateOf } from './contact-drafts.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import { decideUsager } from './decide-usager.ts';
import { type Presence, unreadOf } from './departure.ts';
import { asTie, tieNewcomers } from './newcomers.ts';
import { usagerLink } from './people-names.ts';
import { understandMerges } from './responsibles.ts';
import type { UsagerDecision } from './usager-case.ts';

interface Missing extends Pick<ReadRequest, 'links' | 'contact' | 'companions' | 'candidates'> {
  /** Columns that links remember, and that the mapping no longer names. */
  readonly columns: FormerColumns;
}

/** What was decided about the usagers so far, responsibles before their proches. */
interface Decided {
  readonly decisions: Map<UsagerId, UsagerDecision>;
  readonly drafts: Map<Guid, Draft>;
  readonly missing: {
    readonly links: Set<LinkName>;
    readonly contact: Set<Guid>;
    readonly companions: Set<UsagerId>;
    readonly candidates: Set<Sought>;
    readonly columns: Set<string>;
  };
}

export interface PeopleDecision {
  readonly records: readonly RecordDecision[];
  /** One entry for each usager. */
  readonly writes: readonly PersonWrites[];
  readonly cut: readonly string[];
  readonly unfit: readonly string[];
  /**
   * The usager's contact; null for one that is kept out of Dynamics, undefined for one that never came in. The answer
   * depends on where the usager's link leads, so asking is recorded.
   */
  contactOf(usager: UsagerId): Guid | null | undefined;
  /** Whether Dynamics still knows who the usager is: not one who is kept out, or was anonymised for having left. */
  mayBeNamed(usager: UsagerId): boolean;
  readonly created: ReadonlySet<Guid>;
  /** Rows to read before a decision is possible. */
  readonly missing: Missing | undefined;
}

/**
 * Decides about each usager alone.
 *
 * @param usagers responsibles before their proches
 * @param presences what the notification says about who left or came back
 */
export function decidePeople(
  usagers: readonly Usager[],
  context: Context,
  presences: ReadonlyMap<UsagerId, Presence>,
): PeopleDecision {
  const ties = tieNewcomers(usagers, presences, context);
  const missing = {
    links: new Set<LinkName>(),
    contact: new Set<Guid>(),
    companions: new Set<UsagerId>(),
    candidates: new Set(ties.unread),
    columns: new Set<string>(),
  };
  const decided: Decided = { decisions: new Map(), drafts: new Map(), missing };
  for (const usager of usagers) {
    const tie = ties.contacts.get(usager.id);
    decideOne(usager, { presence: presences.get(usager.id), tie }, { decided, context });
  }
  const { decisions, drafts } = decided;
  const contactOf = (id: UsagerId) => {
    context.relyOn(linkId(usagerLink(id)));
    return decisions.get(id)?.contact;
  };
  const wasEmptied = (id: UsagerId) => {
    const reason = decisions.get(id)?.record.reason;
    return context.policy.onUsagerRemoved === 'anonymise' && (reason === 'departed' || reason === 'destroyed');
  };
  return {
    records: [...decisions.values()].map(({ record }) => record),
    writes: writesOf(decided, context),
    cut: [...new Set([...decisions.values()].flatMap(({ cut }) => cut))],
    unfit: [...new Set([...decisions.values()].flatMap(({ unfit }) => unfit))],
    contactOf,
    mayBeNamed: (id) => contactOf(id) != null && !wasEmptied(id),
    created: new Set([...drafts.values()].filter(isNew).map(({ id }) => id)),
    missing: toRequest(missing),
  };
}

interface PeopleSoFar {
  readonly decided: Decided;
  readonly context: Context;
}

interface AboutUsager {
  readonly presence: Presence | undefined;
  /** The contact to which the usager is tied now. */
  readonly tie: ContactRow | undefined;
}

/** Enters the decision about a usager, or which rows it lacks. */
function decideOne(usager: Usager, { presence, tie }: AboutUsager, { decided, context }: PeopleSoFar): void {
  const { decisions, drafts, missing } = decided;
  const { known, glance } = context;
  const read = known.links.get(usagerLink(usager.id)) ?? null;
  // Which contact stands for the usager is looked at, not relied on: what is written to it carries its version.
  const row = read?.contactId == null ? (tie ?? null) : follow(glance, read.contactId);
  if (row !== null && 'unread' in row) {
    missing.contact.add(row.unread);
    return;
  }
  const { link, lacks } = understandMerges(read, row, glance);
  for (const name of lacks?.links ?? []) missing.links.add(name);
  for (const id of lacks?.contact ?? []) missing.contact.add(id);
  const responsible = responsibleOf(usager, { decided, context });
  const alone = decideUsager({
    usager,
    link,
    // The contact as the usagers before this one left it.
    draft: row && (drafts.get(row.id) ?? draftOf(known.contact.get(row.id) ?? row, usager.id)),
    // Both merged into one: nobody is their own responsible.
    responsible: responsible != null && responsible.id === row?.id ? null : responsible,
    presence,
    companions: known.companions.get(usager.id)?.map((other) => asDecided(other, decided)),
    context: { ...context, stamp: stampOf(usager, context) },
  });
  const decision = tie === undefined ? alone : asTie(alone, tie, usager.id);
  if (row !== null && presence?.removedOn != null) askForFormer(row, { usager, link, decided, context });
  if (decision.draft !== undefined) drafts.set(decision.draft.id, decision.draft);
  if (decision.asksWhoShares) missing.companions.add(usager.id);
  decisions.set(usager.id, decision);
}

/** A contact that may be emptied is read with the columns that links remember, also where no mapping names them. */
function askForFormer(
  row: ContactRow,
  { usager, link, decided: { missing }, context }: PeopleSoFar & { usager: Usager; link: LinkRow | null },
): void {
  if (context.policy.onUsagerRemoved !== 'anonymise') return;
  const companions = context.known.companions.get(usager.id) ?? [];
  const unread = unreadOf(row, link === null ? companions : [link, ...companions]);
  if (unread.length > 0) missing.contact.add(row.id);
  for (const column of unread) missing.columns.add(column);
}

/** The RDV of one page name the same people: a copy that was seen in another one says nothing new. */
function stampOf(usager: Usager, { stamp }: Context): Stamp {
  return stamp.snapshot ? { ...stamp, body: shortHash(JSON.stringify(usager)) } : stamp;
}

/** A link as this notification leaves it, if it has decided about it. */
function asDecided(link: LinkRow, { decisions }: Decided): LinkRow {
  const decided = [...decisions.values()].find(({ record }) => record.record === link.name);
  return decided?.applied === undefined ? link : { ...link, applied: decided.applied };
}

function responsibleOf(usager: Usager, { decided, context }: PeopleSoFar): ResponsibleContact {
  const id = usager.responsible?.id ?? usager.responsible_id;
  if (id == null) return usager.responsible === null ? null : id;
  if (id === usager.id) return null;
  // An emptied copy no longer names a person. Taking it for nobody gives one end in every order of arrival.
  if (usager.responsible && isAnonymised(usager.responsible)) return null;
  const { decisions } = decided;
  const contact = decisions.has(id) ? decisions.get(id)?.contact : context.known.links.get(usagerLink(id))?.contactId;
  return contact == null ? undefined : { table: 'contact', id: contact };
}

function writesOf({ decisions, drafts }: Decided, { ownerTeam }: Context): readonly PersonWrites[] {
  // A usager of this notification has a write of its own, and a row is written once.
  const taken = new Set([...decisions.values()].flatMap(({ link }) => link?.id ?? []));
  const isFirst = ({ id }: Write) => !taken.has(id) && taken.add(id).has(id);
  const byOwner = Map.groupBy(drafts.values(), ({ owner }) => owner);
  return [...decisions].map(([id, { link, ofOthers }]) => {
    const own = byOwner.get(id) ?? [];
    return {
      newContacts: own.flatMap((draft) => creationOf(draft, ownerTeam)),
      links: [...(link === undefined ? [] : [link]), ...ofOthers.filter(isFirst)],
      contacts: own.flatMap(updateOf),
    };
  });
}

function toRequest({ links, contact, companions, candidates, columns }: Decided['missing']): Missing | undefined {
  if (links.size + contact.size + companions.size + candidates.size === 0) return undefined;
  return {
    links: [...links],
    contact: [...contact],
    companions: [...companions],
    candidates: [...candidates],
    columns: { contact: [...columns] },
  };
}
