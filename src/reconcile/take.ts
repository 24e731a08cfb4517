// What is done with records once they are read: compared, counted, reported, and sent to be written where they differ.
import type { Calls } from '../dataverse/calls.ts';
import type { Sender } from '../rdv-solidarites/api/sender.ts';
import type { DatedAnswer } from '../rdv-solidarites/api/transport.ts';
import type { SnapshotRecord } from '../rdv-solidarites/snapshot.ts';
import { versionAfter } from '../rdv-solidarites/snapshot.ts';
import type { Policy } from '../sync/model/policy.ts';
import { type Compared, compare, type Reading } from './compare.ts';
import type { Counts, Run } from './run.ts';

export interface Taking {
  readonly sender: Sender;
  readonly calls: Calls;
  readonly policy: Policy;
  /** Sends a record to be written. */
  readonly heal: (run: string, reading: Reading) => Promise<void>;
  /** Takes the lines of a report: a record, how it stands, and the columns that would be written. */
  readonly report?: ((found: readonly Compared[]) => Promise<void>) | undefined;
  /** Keeps how far the run is. */
  readonly save: (run: Run) => Promise<void>;
  /** Whether the time of the work item is over. */
  readonly isLate: () => boolean;
  /** ms since 1970. */
  readonly now: () => number;
}

/** Where records come from: what their version is told from. See `DatedAnswer`. */
export type Source = Pick<DatedAnswer, 'asOf' | 'apartMs'>;

/** The sender's clock and ours may differ by this, in ms. */
const MOST_APART_MS = 60_000;
/** Several routers answer, each by its own clock: what they differ by is within the guard of a version (snapshot.ts). */
const BACKWARDS_MS = 2000;
/** Enough for a bad night; beyond, only the counts grow. */
const MOST_NAMES = 20_000;

/** How records are counted once they are compared. */
const COUNTED: Readonly<Record<Compared['drift'], keyof Counts>> = {
  same: 'same',
  'would-write': 'healed',
  corrected: 'corrected',
  'kept-out': 'keptOut',
  stale: 'stale',
  unreadable: 'unreadable',
};

export interface TakeOptions {
  /** Counts what would be written under another name. */
  readonly as?: 'missing';
  /** A second reading: what is stale now stays so. */
  readonly last?: boolean;
}

/**
 * Compares records, counts them, and sends those that differ.
 *
 * @throws DataverseError; an error of the storage SDK
 */
export async function take(
  run: Run,
  means: Taking,
  source: Source,
  records: readonly SnapshotRecord[],
  options: TakeOptions = {},
): Promise<void> {
  const { asOf } = source;
  run.counts.read += options.as === undefined && options.last !== true ? records.length : 0;
  trust(run, source);
  const version = asOf === undefined ? undefined : versionAfter(new Date(asOf).toUTCString());
  if (version === undefined || records.length === 0) return;
  const readAt = means.now();
  const found = await compare(
    records.map((record) => ({ record, version, readAt })),
    means,
  );
  const known = new Set(run.drifting);
  const shown: Compared[] = [];
  for (const one of found) if (await settle(run, means, { one, known, options })) shown.push(one);
  run.drifting = [...known].slice(0, MOST_NAMES);
  await means.report?.(shown);
}

interface Settling {
  readonly one: Compared;
  readonly known: Set<string>;
  readonly options: TakeOptions;
}

/** @returns whether it belongs in the report */
async function settle(run: Run, means: Taking, { one, known, options }: Settling): Promise<boolean> {
  const { counts } = run;
  if (one.drift === 'stale' && options.last !== true) {
    const target = targetOf(one.reading.record);
    if (target !== undefined) run.again.push(target);
    return false;
  }
  if (one.drift !== 'would-write') {
    counts[COUNTED[one.drift]] += 1;
    return one.drift !== 'same';
  }
  if (one.drifting.every((name) => run.withheld.includes(name))) {
    counts.quarantined += 1;
    return true;
  }
  // An RDV that differs by a person alone, who was sent already, is no further drift.
  const isNew = one.drifting.some((name) => !known.has(name));
  for (const name of one.drifting) known.add(name);
  if (!isNew) {
    counts.same += 1;
    return false;
  }
  counts[options.as ?? 'healed'] += 1;
  if (!run.dryRun && run.reportOnly === null) await means.heal(run.id, one.reading);
  return true;
}

function targetOf({ model, data }: SnapshotRecord): Run['again'][number] | undefined {
  if (model === 'UserProfile') return { model: 'User', id: Number(data.user['id']) };
  return { model, id: Number(data['id' as keyof typeof data]) };
}

/** Without a date that can be trusted, nothing is written for the rest of the run. */
function trust(run: Run, { asOf, apartMs = 0 }: Source): void {
  if (asOf === undefined) run.reportOnly ??= 'no-date';
  else if (Math.abs(apartMs) > MOST_APART_MS) run.reportOnly ??= 'clocks-apart';
  else if (run.lastDate !== null && run.lastDate - asOf > BACKWARDS_MS) run.reportOnly ??= 'date-backwards';
  if (asOf !== undefined) run.lastDate = Math.max(run.lastDate ?? 0, asOf);
}
