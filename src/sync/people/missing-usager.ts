// A usager whom the sender's API was asked for by id, and does not give: gone everywhere (404), or alive but in none of our
// organisations (403).
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import { linkId } from '../model/link-names.ts';
import type { NeedsMore, RecordDecision, Write } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import { needsMore, type Opened, type Parts } from '../model/record-kind.ts';
import { type LinkRow, NOTHING_TO_READ } from '../model/rows.ts';
import { rank, type Stamp } from '../model/version.ts';
import { linkWrite, orderOfLink } from '../rules/link-writes.ts';
import { lastRemoval, organisationsOf } from './decide-membership.ts';
import { decidePeople } from './decide-people.ts';
import { leaves, type Presence } from './departure.ts';
import { usagerLink } from './people-names.ts';
import { organisationOfPage } from './usager-page.ts';

type Missing = NotificationOf<'User'>;

/** Looks into such an answer: the memberships that it may end are read with the usager. */
export function openMissing(notification: Missing, policy: Policy): Opened {
  const { id } = notification.data;
  return {
    reads: {
      ...NOTHING_TO_READ,
      links: [usagerLink(id)],
      memberships: [id],
      companions: leaves(notification.event, policy) ? [id] : [],
    },
    organisation: undefined,
    countsSource: false,
    decide: (context) => decide(notification, context),
  };
}

/**
 * Ends the memberships that are older than the answer, and the presence of the usager with the last of them. When it is gone
 * everywhere, its own link says so. Nothing is made of somebody who was never known.
 */
function decide(notification: Missing, context: Context): Parts | NeedsMore {
  const { data, reason } = notification;
  const name = usagerLink(data.id);
  const { known, relyOn, stamp } = context;
  const memberships = known.memberships.get(data.id) ?? [];
  if ((known.links.get(name) ?? null) === null)
    return nothing({ record: name, outcome: 'ignored', reason: 'never-known' });
  if (reason === 'forbidden' && memberships.length === 0) return nothing({ record: name, outcome: 'unchanged' });
  for (const membership of memberships) relyOn(linkId(membership.name));
  const ended = memberships.map((membership) => end(membership, stamp));
  const people = decidePeople([data], context, new Map([[data.id, presenceOf(notification, ended)]]));
  if (people.missing !== undefined) return needsMore(people.missing);
  const writes = ended.flatMap(({ write }) => write ?? []);
  const [decided] = people.records;
  // Of an usager alive elsewhere only the presence is decided, as for any membership that ends.
  const record: RecordDecision =
    decided?.reason === 'departed'
      ? { record: name, outcome: 'applied' }
      : (decided ?? { record: name, outcome: 'unchanged' });
  return {
    kind: 'parts',
    record,
    records: [record, ...ended.flatMap((one) => one.record ?? [])],
    people: people.writes,
    writes,
    cut: [],
  };
}

/** Who has a membership that is newer than the answer is there all the same. */
function presenceOf({ reason, snapshotAt }: Missing, ended: readonly Ended[]): Presence {
  const gone = reason !== 'forbidden' && ended.every(({ removedOn }) => removedOn !== null);
  return {
    removedOn: gone ? toSeconds(snapshotAt) : lastRemoval(ended.map(({ removedOn }) => removedOn)),
    destroyed: false,
    // Who is not found may be there again with any copy of the person, and no copy tells the page.
    ...(gone ? { missing: true } : { page: organisationOfPage(organisationsOf(ended.filter(isLive))) }),
    bringsCopy: false,
    changes: gone || ended.some(({ write }) => write !== undefined),
  };
}

const isLive = ({ removedOn }: Ended) => removedOn === null;

interface Ended {
  readonly name: LinkRow['name'];
  readonly removedOn: string | null;
  readonly record?: RecordDecision;
  readonly write?: Write;
}

function end(link: LinkRow, stamp: Stamp): Ended {
  const { name } = link;
  const standing = rank(orderOfLink(link), stamp);
  if (link.removedOn !== null || standing.kind !== 'newer') return { name, removedOn: link.removedOn };
  const { version, bodies } = standing.order;
  const removedOn = toSeconds(stamp.snapshotAt);
  const applied = { ...NOTHING_APPLIED, bodies };
  return {
    name,
    removedOn,
    record: { record: name, outcome: 'applied' },
    write: linkWrite(link, { name, version, applied, removedOn, state: 'missing' }),
  };
}

function nothing(record: RecordDecision): Parts {
  return { kind: 'parts', record, records: [record], people: [], writes: [], cut: [] };
}
