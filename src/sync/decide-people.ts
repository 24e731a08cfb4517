// Usagers → contacts: what to write about each person that a notification names.
import type { Usager, UsagerId } from '../rdv-solidarites/models.ts';
import { toSeconds } from '../rdv-solidarites/times.ts';
import type { Policy } from '../settings.ts';
import { contactMapping } from './contact-mapping.ts';
import { departureOf } from './departure.ts';
import { toColumn } from './fit.ts';
import { linkWrite, orderOfLink } from './link-writes.ts';
import { type Applied, type Guid, NOTHING_APPLIED, newContactId, usagerLink } from './links.ts';
import { isAnonymised } from './people.ts';
import type { Outcome, Reason, RecordDecision, Write } from './plan.ts';
import { reconcile, type Wanted } from './reconcile.ts';
import type { Columns, ContactRow, Etag, Known, LinkRow, Reference, Value } from './rows.ts';
import { type Order, rank, type Stamp } from './version.ts';

export interface Context {
  readonly known: Known;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** The team that owns what this notification creates, when one is configured. */
  readonly ownerTeam: Guid | undefined;
  /** The usager whom the notification declares gone. */
  readonly departed: UsagerId | undefined;
}

/** The writes about people, apart, because a change set takes them in this order. */
export interface PeopleWrites {
  readonly newContacts: readonly Write[];
  readonly links: readonly Write[];
  readonly contacts: readonly Write[];
}

export interface PeopleDecision {
  readonly records: readonly RecordDecision[];
  /** One entry for each usager that has something to write. */
  readonly writes: readonly PeopleWrites[];
  readonly cut: readonly string[];
  /** The usager's contact; null for one that is kept out of Dynamics, undefined for one that never came in. */
  contactOf(usager: UsagerId): Guid | null | undefined;
  readonly created: ReadonlySet<Guid>;
  /** Contacts to read before a decision is possible. */
  readonly missing: readonly Guid[];
}

/** A contact as this notification leaves it: several usagers may share one. */
interface Draft {
  readonly id: Guid;
  readonly etag: Etag | 'absent';
  current: Columns | null;
  write: Columns;
  state: Columns;
}

/** Decides about each usager alone. `usagers` holds responsibles before their proches. */
export function decidePeople(usagers: readonly Usager[], context: Context): PeopleDecision {
  const { known, stamp, policy, ownerTeam } = context;
  const linkWrites = new Map<UsagerId, Write>();
  const drafts = new Map<Guid, Draft>();
  const draftOwners = new Map<UsagerId, Draft[]>();
  const contacts = new Map<UsagerId, Guid | null | undefined>();
  const cut = new Set<string>();
  const missing = new Set<Guid>();

  const records = usagers.flatMap((usager) => decideUsager(usager) ?? []);
  return {
    records,
    writes: usagers.map(({ id }) => writesOf(draftOwners.get(id) ?? [], linkWrites.get(id))).filter(hasWrites),
    cut: [...cut],
    contactOf: (id) => contacts.get(id),
    created: new Set([...drafts.values()].filter((draft) => draft.etag === 'absent').map((draft) => draft.id)),
    missing: [...missing],
  };

  function decideUsager(usager: Usager): RecordDecision | undefined {
    const name = usagerLink(usager.id);
    const link = known.links.get(name) ?? null;
    const decided = (outcome: Outcome, reason?: Reason): RecordDecision => ({
      record: name,
      outcome,
      ...(reason === undefined ? {} : { reason }),
    });
    contacts.set(usager.id, link === null ? undefined : link.contactId);

    if (isAnonymised(usager)) return decided('ignored', 'anonymised');
    if (link?.state === 'removed') return decided('stale', 'destroyed');
    const standing = rank(orderOfLink(link), stamp);
    if (standing.kind !== 'newer') {
      if (link !== null && standing.order !== undefined) {
        linkWrites.set(usager.id, linkWrite(link, reordered(link, standing.order)));
      }
      return standing.kind === 'stale' ? decided('stale') : decided('stale', 'already-applied');
    }

    const place = placeFor(usager, link);
    if (place === 'kept-out') return decided('ignored', 'deleted-in-dynamics');
    if (place === 'unread') return undefined;
    const { draft, applied } = place;
    contacts.set(usager.id, draft.id);
    const change = reconcile({
      wanted: wantedOf(usager),
      current: draft.current,
      applied: applied.columns,
      scope: name,
    });
    draft.current = { ...draft.current, ...change.write };
    draft.write = { ...draft.write, ...change.write };
    const departed = usager.id === context.departed;
    const departure = departed
      ? departureOf(policy.onUsagerRemoved, draft.current, { applied: change.applied, scope: name })
      : undefined;
    draft.write = { ...draft.write, ...departure?.write };
    draft.state = { ...draft.state, ...departure?.state };
    const columns = departure?.forget ? {} : change.applied;
    const memory = { ...applied, columns, bodies: standing.order.bodies };
    linkWrites.set(
      usager.id,
      linkWrite(link, {
        name,
        version: standing.order.version,
        contact: draft.id,
        applied: memory,
        notificationId: stamp.notificationId,
        ...(departed ? { state: 'removed' as const, removedOn: toSeconds(stamp.snapshotAt) } : {}),
      }),
    );
    const changes = [change.write, departure?.write, departure?.state].flatMap((set) => Object.keys(set ?? {}));
    const changed = draft.etag === 'absent' || changes.length > 0;
    return decided(changed ? 'applied' : 'unchanged');
  }

  /** The contact to write to: the one the link points to, the master it was merged into, or a new one. */
  function placeFor(usager: Usager, link: LinkRow | null): { draft: Draft; applied: Applied } | 'kept-out' | 'unread' {
    const row = link?.contactId == null ? null : follow(link.contactId);
    if (row === 'unread') return row;
    if (link !== null && row === null && policy.onDeletedInDynamics === 'keep-out') {
      contacts.set(usager.id, null);
      return 'kept-out';
    }
    if (link === null || row === null) {
      const draft: Draft = {
        id: newContactId(usagerLink(usager.id), stamp.notificationId),
        etag: 'absent',
        current: null,
        write: {},
        state: {},
      };
      return { draft: claim(usager, draft), applied: NOTHING_APPLIED };
    }
    const shared = drafts.get(row.id);
    const draft = shared ?? claim(usager, { id: row.id, etag: row.etag, current: row.columns, write: {}, state: {} });
    return { draft, applied: link.applied };
  }

  function claim(usager: Usager, draft: Draft): Draft {
    drafts.set(draft.id, draft);
    draftOwners.set(usager.id, [...(draftOwners.get(usager.id) ?? []), draft]);
    return draft;
  }

  /** Follows merges that left the link behind: an inactive contact names its master. */
  function follow(id: Guid): ContactRow | null | 'unread' {
    const seen = new Set<Guid>();
    for (let next = id; ; ) {
      const row = known.contacts.get(next);
      if (row === undefined) {
        missing.add(next);
        return 'unread';
      }
      seen.add(next);
      if (row === null || row.active || row.masterId === null || seen.has(row.masterId)) return row;
      next = row.masterId;
    }
  }

  function wantedOf(usager: Usager): Wanted {
    const entries = Object.entries(contactMapping).map(([column, value]) => {
      const fitted = toColumn('contact', column, value(usager, responsibleOf(usager)));
      if (fitted.cut) cut.add(`contact.${column}`);
      return [column, fitted.value] as const;
    });
    return Object.fromEntries(entries);
  }

  function responsibleOf(usager: Usager): Reference | null | undefined {
    const responsibleId = usager.responsible?.id ?? usager.responsible_id;
    if (responsibleId == null) return responsibleId;
    const id = contacts.has(responsibleId)
      ? contacts.get(responsibleId)
      : known.links.get(usagerLink(responsibleId))?.contactId;
    return id == null ? undefined : { table: 'contact', id };
  }

  function reordered(link: LinkRow, order: Order) {
    return { name: link.name, version: order.version, applied: { ...link.applied, bodies: order.bodies } };
  }

  function writesOf(claimed: readonly Draft[], link: Write | undefined): PeopleWrites {
    const isNew = (draft: Draft) => draft.etag === 'absent';
    return {
      newContacts: claimed.filter(isNew).map((draft) => ({
        table: 'contact',
        id: draft.id,
        operation: 'create',
        condition: 'absent',
        columns: { ...withoutNulls(draft.write), ...(ownerTeam ? { ownerid: { table: 'team', id: ownerTeam } } : {}) },
      })),
      links: link === undefined ? [] : [link],
      contacts: claimed
        .map((draft): Write => {
          const columns = isNew(draft) ? draft.state : { ...draft.write, ...draft.state };
          const condition = draft.etag === 'absent' ? 'any' : draft.etag;
          return { table: 'contact', id: draft.id, operation: 'update', condition, columns };
        })
        .filter(({ columns }) => Object.keys(columns).length > 0),
    };
  }
}

const hasWrites = (writes: PeopleWrites) =>
  writes.newContacts.length + writes.links.length + writes.contacts.length > 0;

function withoutNulls(columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter((entry): entry is [string, Value] => entry[1] !== null));
}
