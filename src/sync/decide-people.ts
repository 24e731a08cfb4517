// Usagers → contacts: what to write about all the people that a notification names.
import type { Usager, UsagerId } from '../rdv-solidarites/models.ts';
import type { Policy } from '../settings.ts';
import { ContactDrafts } from './contact-drafts.ts';
import type { ResponsibleContact } from './contact-mapping.ts';
import { decideUsager, type UsagerDecision } from './decide-usager.ts';
import type { Presence } from './departure.ts';
import { type Guid, usagerLink } from './links.ts';
import { follow } from './merges.ts';
import { isAnonymised } from './people.ts';
import type { RecordDecision, Write } from './plan.ts';
import type { Known } from './rows.ts';
import type { Stamp } from './version.ts';

export interface Context {
  readonly known: Known;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** The team that owns what this notification creates, when one is configured. */
  readonly ownerTeam: Guid | undefined;
  /** Users and teams to whom Dataverse gives no rows. */
  readonly refusedOwners: ReadonlySet<Guid>;
}

/** The writes about one person, apart, because a change set takes them in this order. */
export interface PersonWrites {
  readonly newContacts: readonly Write[];
  readonly links: readonly Write[];
  readonly contacts: readonly Write[];
}

export interface PeopleDecision {
  readonly records: readonly RecordDecision[];
  /** One entry for each usager. */
  readonly writes: readonly PersonWrites[];
  readonly cut: readonly string[];
  /** The usager's contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  contactOf(usager: UsagerId): Guid | null | undefined;
  readonly created: ReadonlySet<Guid>;
  readonly assumes: readonly Guid[];
  /** Contacts to read before a decision is possible. */
  readonly missing: readonly Guid[];
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
  const missing: Guid[] = [];
  for (const usager of usagers) {
    const link = known.links.get(usagerLink(usager.id)) ?? null;
    const row = link?.contactId == null ? null : follow(known, link.contactId);
    if (row !== null && 'unread' in row) missing.push(row.unread);
    else {
      const responsible = responsibleOf(usager);
      const presence = presences.get(usager.id);
      const companions = known.companions.get(usager.id) ?? [];
      decisions.set(
        usager.id,
        decideUsager({ usager, link, row, responsible, presence, companions, stamp, policy, drafts }),
      );
    }
  }
  return {
    records: [...decisions.values()].map(({ record }) => record),
    writes: [...decisions].map(([id, { link, forgotten }]) => {
      const { created, updated } = drafts.writesOf(id, ownerTeam);
      return {
        newContacts: created,
        links: [...(link === undefined ? [] : [link]), ...forgotten.filter(isNotDecided)],
        contacts: updated,
      };
    }),
    cut: [...new Set([...decisions.values()].flatMap(({ cut }) => cut))],
    contactOf: (id) => decisions.get(id)?.contact,
    created: drafts.created,
    assumes: [...decisions.values()].flatMap(({ assumes }) => assumes),
    missing,
  };

  /** A usager of this notification has a write of its own. */
  function isNotDecided({ id }: Write): boolean {
    return ![...decisions.values()].some(({ link }) => link?.id === id);
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
