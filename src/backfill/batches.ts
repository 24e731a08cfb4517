// What is read in one go: some pages, and then a look whether the account still had its role while they were read.
import type { Page } from '../rdv-solidarites/api/pages.ts';
import type { Sender } from '../rdv-solidarites/api/sender.ts';
import { type SnapshotRecord, versionAfter } from '../rdv-solidarites/snapshot.ts';
import type { UtcInstant } from '../rdv-solidarites/times.ts';
import type { Place } from './progress.ts';

export interface Reading {
  readonly record: SnapshotRecord;
  readonly version: UtcInstant;
}

/** Records, where the reading goes on after them, and how many the sender counts that were never shown. */
export interface Batch {
  readonly readings: readonly Reading[];
  readonly next: Place;
  readonly unseen?: number;
}

export interface ReadWith {
  readonly sender: Sender;
  /** ms since 1970. */
  readonly now: () => number;
  /** Whether somebody asked to stop: looked at between two requests. */
  readonly stopping: () => boolean;
}

/** The reading ends here, and goes on when the backfill is started again. */
export class BackfillStopped extends Error {
  override readonly name = 'BackfillStopped';
  readonly reason: 'asked' | 'no-date' | 'clocks-apart';

  constructor(reason: BackfillStopped['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** The account has no role in an organisation any more. What was read since the last look is not to be believed. */
export class RoleLost extends Error {
  override readonly name = 'RoleLost';
}

/** Pages between two looks: one more request for ten, and a few MB in memory. */
export const PAGES_A_LOOK = 10;
/** More than a clock is ever wrong by; beyond, the order of snapshots and notifications would be a guess. */
const CLOCKS_APART_MS = 60_000;
/** Several routers answer, each by its own clock. */
const BACKWARDS_MS = 2_000;

/**
 * Makes readings of a page.
 *
 * @throws BackfillStopped when the page cannot be dated, or somebody asked to stop
 */
export function readingsOf<T>(
  { records, asOf, date }: Page<T>,
  toRecord: (body: Readonly<Record<string, unknown>>) => SnapshotRecord,
  { now, stopping }: ReadWith,
): readonly Reading[] {
  if (stopping()) throw new BackfillStopped('asked');
  const version = asOf === undefined ? undefined : versionAfter(new Date(asOf).toUTCString());
  if (version === undefined || asOf === undefined || date === undefined) throw new BackfillStopped('no-date');
  const isAhead = asOf - date > BACKWARDS_MS;
  if (isAhead || Math.abs(now() - date) > CLOCKS_APART_MS) throw new BackfillStopped('clocks-apart');
  return records.map(({ body }) => ({ record: toRecord(body), version }));
}

/**
 * A list of an organisation that is not the account's own is empty, or shows usagers of all others: what was read
 * counts only when the role is still there afterwards.
 *
 * @throws RoleLost, SenderError
 */
export async function refuseWithoutRole({ sender }: ReadWith, organisation: number | undefined): Promise<void> {
  if (organisation === undefined) return;
  for await (const { records } of sender.readOrganisations()) {
    if (records.some(({ id }) => id === organisation)) return;
  }
  throw new RoleLost();
}
