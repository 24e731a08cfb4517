// One run over incidents, and how it works through many of them, so that none keeps back another.
import { RestError } from '@azure/storage-blob';
import type { Calls, DataverseAccess } from '../dataverse/calls.ts';
import { DataverseError, ownFailure } from '../dataverse/failure.ts';
import type { Events, Log } from '../log.ts';
import type { Storage } from '../storage/clients.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { IncidentStep } from './incident-decision.ts';
import type { Incident } from './incident-rows.ts';
import { type IncidentWrite, writeIncidents } from './write-incidents.ts';

export interface Settling {
  readonly dataverse: DataverseAccess;
  readonly storage: Storage;
  /** Whether those who follow the connector are told of new incidents. */
  readonly notify: boolean;
  /** The id of the connector's own user. */
  readonly self: (calls: Calls) => Promise<string>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly log: Log;
}

/** A row, and what is to be done about it. */
export interface Case {
  readonly row: Incident;
  readonly step: IncidentStep;
}

export type Counts = { -readonly [K in keyof Omit<Events['incidents.settled'], 'requests' | 'durationMs'>]: number };

/** One run of `settleIncidents`. */
export interface Run extends Settling {
  readonly calls: Calls;
  readonly counts: Counts;
}

/** The most that one run does, shows or ends, each. The next run goes on, so that a run stays far from its time-out. */
export const MOST = 300;

/** Items worked on at the same time. */
const TOGETHER = 10;

/** Writes the row of each item, and gives the items whose row was written. */
export async function writeEach<T>(
  { calls, counts, log }: Run,
  items: readonly T[],
  toWrite: (item: T) => IncidentWrite,
): Promise<readonly T[]> {
  const writes = items.map((item) => ({ ...toWrite(item), item }));
  const { done, conflicts, refused } = await writeIncidents(calls, writes);
  counts.conflicts += conflicts;
  counts.failed += refused.length;
  for (const { code } of refused) log('error', 'watch.failed', { part: 'incidents', kind: 'permanent', code });
  return done.map(({ item }) => item);
}

/**
 * Works on each item. One that fails for a reason of its own is left out and logged.
 *
 * @throws RestError when storage cannot be reached
 */
export async function forEachOf<T, R>(
  { counts, log }: Pick<Run, 'counts' | 'log'>,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const attempt = async (item: T) => {
    try {
      results.push(await work(item));
    } catch (error) {
      if (error instanceof RestError) throw error;
      counts.failed += 1;
      const { kind, code, status } = error instanceof DataverseError ? error.failure : ownFailure(error);
      log('error', 'watch.failed', { part: 'incidents', kind, code, status });
    }
  };
  for (const some of chunks(items, TOGETHER)) await Promise.all(some.map(attempt));
  return results;
}
