// The hours of the last two weeks in which each source sent something: what tells a sender that fell silent from a quiet
// night. Logs cannot tell: an alert of Azure looks back two days at most.

/** One source. Hours are counted since 1970. */
interface Hours {
  readonly last: number;
  /** Bit n: something came n hours before the last. */
  readonly bits: bigint;
}

/** By source; the empty label stands for an address without one. */
export type Activity = ReadonlyMap<string, Hours>;

export interface Silence {
  readonly source: string;
  /** Whole hours without a notification. */
  readonly hours: number;
}

const HOUR_MS = 3_600_000;
const WEEK = 168;
const KEPT = 2 * WEEK;
/** So many hours in which something came, a week before, make a silence strange. */
const BUSY_HOURS = 3;
/** As many as metadata of a queue have room for: 8 KB in all (Microsoft Learn, "Set Queue Metadata"). */
const MOST_SOURCES = 32;

/** Remembers a receipt. @param at ms since 1970 */
export function withReceipt(activity: Activity, source: string, at: number): Activity {
  return together(activity, new Map([[source, { last: Math.floor(at / HOUR_MS), bits: 1n }]]));
}

/** What two processes saw. */
export function together(one: Activity, other: Activity): Activity {
  const joined = new Map(one);
  for (const [source, hours] of other) {
    const known = joined.get(source) ?? hours;
    const last = Math.max(known.last, hours.last);
    joined.set(source, { last, bits: since(known, last) | since(hours, last) });
  }
  return joined;
}

/**
 * The sources that are silent in hours in which they spoke a week before. A week later the silence counts as usual.
 *
 * @param now ms since 1970
 */
export function silences(activity: Activity, now: number): Silence[] {
  const thisHour = Math.floor(now / HOUR_MS);
  return [...activity].flatMap(([source, hours]) => {
    const bits = since(hours, Math.max(thisHour, hours.last));
    const heard = (ago: number) => ((bits >> BigInt(ago)) & 1n) === 1n;
    // The hour that runs is not over.
    const quiet = [];
    for (let ago = 1; ago < WEEK && !heard(ago); ago += 1) quiet.push(ago);
    if (heard(0) || quiet.filter((ago) => heard(ago + WEEK)).length < BUSY_HOURS) return [];
    return [{ source, hours: quiet.length }];
  });
}

/** As text for metadata: `label:hour:bits;…`, the newest sources first. */
export function writeActivity(activity: Activity): string {
  return [...activity]
    .toSorted(([, a], [, b]) => b.last - a.last)
    .slice(0, MOST_SOURCES)
    .map(([source, { last, bits }]) => `${source}:${last}:${bits.toString(16)}`)
    .join(';');
}

/** Reads it; what is no such text is left out. */
export function readActivity(text = ''): Activity {
  const parts = text.matchAll(/([\w-]*):(\d{1,9}):([\da-f]{1,84})(?:;|$)/g);
  return new Map(
    [...parts].map(([, source = '', last, bits]) => [source, { last: Number(last), bits: BigInt(`0x${bits}`) }]),
  );
}

/** The bits, counted from a later hour. */
function since({ last, bits }: Hours, later: number): bigint {
  return later - last >= KEPT ? 0n : (bits << BigInt(later - last)) & ((1n << BigInt(KEPT)) - 1n);
}
