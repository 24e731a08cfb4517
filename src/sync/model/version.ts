// The order of snapshots: which body of a record is the newest, however often and in whatever order bodies arrive.
import type { UtcInstant } from '../../rdv-solidarites/times.ts';
import { toUtcInstant } from '../../rdv-solidarites/times.ts';

/**
 * The version of a snapshot as text that sorts as time: the sender's rendering time, then the receipt time in
 * milliseconds, because the sender counts in seconds (`2026-01-02T03:04:05.000000Z~1767323045123`).
 */
export type Version = string & { readonly __brand: 'Version' };

/** What is known of one arrival of a body. */
export interface Stamp {
  readonly snapshotAt: UtcInstant;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** A short hash of the body's bytes. */
  readonly body: string;
  readonly notificationId: string;
  /** Read at the sender's API, not announced by it. */
  readonly snapshot?: true;
}

/** The bodies seen at a link's current snapshot time, each with its earliest receipt (ms since 1970). */
export type Bodies = Readonly<Record<string, number>>;

/** Where a record stands. */
export interface Order {
  readonly version: Version;
  readonly bodies: Bodies;
}

/**
 * How an arrival stands to what was applied before:
 * `newer` is to be applied; `stale` and `repeat` are not; `order`, when present, is worth keeping all the same, because
 * a later arrival may depend on it.
 */
export type Standing =
  | { readonly kind: 'newer'; readonly order: Order }
  | { readonly kind: 'stale' | 'repeat'; readonly order?: Order };

const RECEIPT_DIGITS = 13;

/**
 * Added to the receipt of what was read at the sender's API, in ms: it was read two seconds or more after the instant that
 * it is dated, so within that instant it counts as later than any notification. Both stay in 13 digits until 2128.
 */
const SNAPSHOT_LEAD_MS = 5_000_000_000_000;

/** Two clocks that are kept may differ by less. */
const AHEAD_MS = 300_000;

/**
 * When a snapshot counts from: as the sender dates it, but as of its own receipt where that date lies more than five
 * minutes after it. A body of 2099 would else stop its record until then.
 *
 * @param receivedAt in ms since 1970
 */
export function countsFrom(snapshotAt: UtcInstant, receivedAt: number): UtcInstant {
  return snapshotAt > toUtcInstant(receivedAt + AHEAD_MS) ? toUtcInstant(receivedAt) : snapshotAt;
}

/** Writes a version. */
export function versionOf(snapshotAt: UtcInstant, receivedAt: number): Version {
  return `${snapshotAt}~${String(receivedAt).padStart(RECEIPT_DIGITS, '0')}` as Version;
}

/** When the snapshot of a version was rendered. */
export const instantOf = (version: Version) => version.slice(0, version.indexOf('~')) as UtcInstant;

/** The order of a record after this arrival alone. */
export function orderOf(stamp: Stamp): Order {
  const at = placeOf(stamp);
  return { version: versionOf(stamp.snapshotAt, at), bodies: { [stamp.body]: at } };
}

const placeOf = ({ receivedAt, snapshot }: Stamp): number => receivedAt + (snapshot ? SNAPSHOT_LEAD_MS : 0);

/**
 * Ranks an arrival by (snapshot time, first receipt of the body).
 *
 * Within one snapshot time a body counts from its first receipt: the sender repeats identical bytes for a week
 * (app/jobs/concerns/default_job_behaviour.rb), and a repeat must not win over a body that came in between.
 */
export function rank(known: Order | undefined, stamp: Stamp): Standing {
  if (known === undefined) return { kind: 'newer', order: orderOf(stamp) };
  const knownAt = known.version.slice(0, stamp.snapshotAt.length);
  if (stamp.snapshotAt > knownAt) return { kind: 'newer', order: orderOf(stamp) };
  if (stamp.snapshotAt < knownAt) return { kind: 'stale' };

  const at = placeOf(stamp);
  const first = known.bodies[stamp.body];
  if (first !== undefined && first <= at) return { kind: 'repeat' };
  const bodies = { ...known.bodies, [stamp.body]: at };
  const latest = latestOf(bodies);
  const order = { version: versionOf(stamp.snapshotAt, bodies[latest] ?? at), bodies };
  if (first !== undefined) return { kind: 'repeat', order };
  return { kind: latest === stamp.body ? 'newer' : 'stale', order };
}

function latestOf(bodies: Bodies): string {
  const [latest] = Object.entries(bodies).reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a));
  return latest;
}
