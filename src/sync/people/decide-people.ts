// Usagers → contacts: what to write about all the people that a notification names.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { Context } from '../model/context.ts';
import { type Guid, type LinkName, usagerLink } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { ContactRow, LinkRow, ReadRequest } from '../model/rows.ts';
import { follow } from '../rules/merges.ts';
import { ContactDrafts } from './contact-drafts.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import { decideUsager, type UsagerDecision } from './decide-usager.ts';
import type { Presence } from './departure.ts';
import { understandMerges } from './responsibles.ts';

/** The writes about one person, apart, because a change set takes them in this order. */
export interface PersonWrites {
  readonly newContacts: readonly Write[];
  readonly links: readonly Write[];
  readonly contacts: readonly Write[];
}

type Missing = Pick<ReadRequest, 'links' | 'contacts' | 'companions'>;

export interface PeopleDecision {
  readonly records: readonly RecordDecision[];
  /** One entry for each usager. */
  readonly writes: readonly PersonWrites[];
  readonly cut: readonly string[];
  /** The usager's contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  contactOf(usager: UsagerId): Guid | null | undefined;
  readonly created: ReadonlySet<Guid>;
  readonly assumes: readonly Guid[];
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
  { known, stamp, policy, ownerTeam }: Context,
  presences: ReadonlyMap<UsagerId, Presence>,
): PeopleDecision {
  const drafts = new ContactDrafts();
  const decisions = new Map<UsagerId, UsagerDecision>();
  const missing = { links: new Set<LinkName>(), contacts: new Set<Guid>(), companions: new Set<UsagerId>() };
  for (const usager of usagers) {
    const link = known.links.get(usagerLink(usager.id)) ?? null;
    const row = link?.contactId == null ? null : follow(known, link.contactId);
    if (row !== null && 'unread' in row) missing.contacts.add(row.unread);
    else decideOne(usager, link, row);
  }
  // A usager of this notification has a write of its own, and a row is written once.
  const taken = new Set([...decisions.values()].flatMap(({ link }) => link?.id ?? []));
  const isFirst = ({ id }: Write) => !taken.has(id) && taken.add(id).has(id);
  return {
    records: [...decisions.values()].map(({ record }) => record),
    writes: [...decisions].map(([id, { link, ofOthers }]) => {
      const { created, updated } = drafts.writesOf(id, ownerTeam);
      return {
        newContacts: created,
        links: [...(link === undefined ? [] : [link]), ...ofOthers.filter(isFirst)],
        contacts: updated,
      };
    }),
    cut: [...new Set([...decisions.values()].flatMap(({ cut }) => cut))],
    contactOf: (id) => decisions.get(id)?.contact,
    created: drafts.created,
    assumes: [...decisions.values()].flatMap(({ assumes }) => assumes),
    missing: toRequest(missing),
  };

  function decideOne(usager: Usager, read: LinkRow | null, row: ContactRow | null): void {
    const { link, lacks } = understandMerges(read, row, known);
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
      row,
      responsible,
      presence,
      companions,
      stamp,
      policy,
      drafts,
    });
    if (decision.asksWhoShares) missing.companions.add(usager.id);
    decisions.set(usager.id, decision);
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
