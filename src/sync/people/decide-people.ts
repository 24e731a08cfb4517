// Usagers → contacts: what to write about all the people that a notification names.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { Context } from '../model/context.ts';
import { type Guid, type LinkName, linkId, usagerLink } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { PersonWrites } from '../model/record-kind.ts';
import type { ContactRow, LinkRow, ReadRequest } from '../model/rows.ts';
import { follow } from '../rules/merges.ts';
import { creationOf, type Draft, draftOf, isNew, updateOf } from './contact-drafts.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import { decideUsager } from './decide-usager.ts';
import type { Presence } from './departure.ts';
import { understandMerges } from './responsibles.ts';
import type { UsagerDecision } from './usager-case.ts';

type Missing = Pick<ReadRequest, 'links' | 'contacts' | 'companions'>;

export interface PeopleDecision {
  readonly records: readonly RecordDecision[];
  /** One entry for each usager. */
  readonly writes: readonly PersonWrites[];
  readonly cut: readonly string[];
  /**
   * The usager's contact; null for one that is kept out of Dynamics, undefined for one that never came in. Whoever asks
   * relies on where the usager's link leads.
   */
  contactOf(usager: UsagerId): Guid | null | undefined;
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
  const { known, glance, relyOn, ownerTeam } = context;
  const drafts = new Map<Guid, Draft>();
  const decisions = new Map<UsagerId, UsagerDecision>();
  const missing = { links: new Set<LinkName>(), contacts: new Set<Guid>(), companions: new Set<UsagerId>() };
  for (const usager of usagers) {
    const link = known.links.get(usagerLink(usager.id)) ?? null;
    // Which contact stands for the usager is looked at, not relied on: what is written to it carries its version.
    const row = link?.contactId == null ? null : follow(glance, link.contactId);
    if (row !== null && 'unread' in row) missing.contacts.add(row.unread);
    else decideOne(usager, link, row);
  }
  // A usager of this notification has a write of its own, and a row is written once.
  const taken = new Set([...decisions.values()].flatMap(({ link }) => link?.id ?? []));
  const isFirst = ({ id }: Write) => !taken.has(id) && taken.add(id).has(id);
  return {
    records: [...decisions.values()].map(({ record }) => record),
    writes: [...decisions].map(([id, { link, ofOthers }]) => {
      const own = [...drafts.values()].filter(({ owner }) => owner === id);
      return {
        newContacts: own.flatMap((draft) => creationOf(draft, ownerTeam)),
        links: [...(link === undefined ? [] : [link]), ...ofOthers.filter(isFirst)],
        contacts: own.flatMap(updateOf),
      };
    }),
    cut: [...new Set([...decisions.values()].flatMap(({ cut }) => cut))],
    contactOf: (id) => {
      relyOn(linkId(usagerLink(id)));
      return decisions.get(id)?.contact;
    },
    created: new Set([...drafts.values()].filter(isNew).map(({ id }) => id)),
    missing: toRequest(missing),
  };

  function decideOne(usager: Usager, read: LinkRow | null, row: ContactRow | null): void {
    const { link, lacks } = understandMerges(read, row, glance);
    for (const name of lacks?.links ?? []) missing.links.add(name);
    for (const id of lacks?.contacts ?? []) missing.contacts.add(id);
    const named = responsibleOf(usager);
    // Both merged into one: nobody is their own responsible.
    const responsible = named != null && named.id === row?.id ? null : named;
    const presence = presences.get(usager.id);
    const companions = known.companions.get(usager.id)?.map(asDecided);
    const decision = decideUsager({
      usager,
      link,
      draft: draftFor(usager, row),
      responsible,
      presence,
      companions,
      context,
    });
    if (decision.draft !== undefined) drafts.set(decision.draft.id, decision.draft);
    if (decision.asksWhoShares) missing.companions.add(usager.id);
    decisions.set(usager.id, decision);
  }

  /** The contact as the usagers before this one left it. */
  function draftFor(usager: Usager, row: ContactRow | null): Draft | null {
    if (row === null) return null;
    return drafts.get(row.id) ?? draftOf(known.contacts.get(row.id) ?? row, usager.id);
  }

  /** A link as this notification leaves it, if it has decided about it. */
  function asDecided(link: LinkRow): LinkRow {
    const decided = [...decisions.values()].find(({ record }) => record.record === link.name);
    return decided?.applied === undefined ? link : { ...link, applied: decided.applied };
  }

  function responsibleOf(usager: Usager): ResponsibleContact {
    const id = usager.responsible?.id ?? usager.responsible_id;
    if (id == null) return usager.responsible === null ? null : id;
    if (id === usager.id) return null;
    // An emptied copy no longer names a person. Taking it for nobody gives one end in every order of arrival.
    if (usager.responsible && isAnonymised(usager.responsible)) return null;
    const contact = decisions.has(id) ? decisions.get(id)?.contact : known.links.get(usagerLink(id))?.contactId;
    return contact == null ? undefined : { table: 'contact', id: contact };
  }
}

function toRequest({
  links,
  contacts,
  companions,
}: {
  readonly links: ReadonlySet<LinkName>;
  readonly contacts: ReadonlySet<Guid>;
  readonly companions: ReadonlySet<UsagerId>;
}): Missing | undefined {
  const nothing = links.size + contacts.size + companions.size === 0;
  return nothing ? undefined : { links: [...links], contacts: [...contacts], companions: [...companions] };
}
