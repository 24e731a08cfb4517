// RDV of an organisation, in windows that are made to hold most of a page: a window that holds more costs a request for
// nothing.
import type { RdvPage } from '../rdv-solidarites/api/windows.ts';
import { type Batch, PAGES_A_LOOK, type Reading, type ReadWith, readingsOf, refuseWithoutRole } from './batches.ts';
import type { Place } from './progress.ts';

export interface RdvsOf {
  readonly organisation: number;
  /** ms since 1970; absent: all there are. */
  readonly since?: number | undefined;
  /** How many the sender counts. */
  readonly expected: number;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 86_400_000;
const EARLIEST = Date.parse('1990-01-01T00:00:00Z');
const LATEST = Date.parse('2099-12-31T23:59:59Z');
/** A page holds a hundred. */
const AIM = 60;

/**
 * Reads the RDV of an organisation in the order of time. Before two years ago there are none, but of instances that keep
 * them longer: one window; after a year from now, another.
 *
 * @throws BackfillStopped, RoleLost, SenderError
 */
export async function* readRdvs(of: RdvsOf, start: Place, means: ReadWith): AsyncGenerator<Batch> {
  const { organisation, since = EARLIEST, expected } = of;
  const busy = { from: wholeSecond(means.now() - 2 * YEAR_MS), to: wholeSecond(means.now() + YEAR_MS) };
  let from = start.from ?? wholeSecond(Math.max(since, EARLIEST));
  let lengthMs = start.lengthMs ?? bounded((3 * YEAR_MS * AIM) / Math.max(expected, 1));
  let readings: Reading[] = [];
  let pages = 0;
  while (from <= LATEST) {
    const to = endOf(from, lengthMs, busy);
    let found = 0;
    let last: RdvPage | undefined;
    for await (const page of means.sender.readRdvs({ organisation, from, to })) {
      readings.push(...readingsOf(page, (data) => ({ event: 'snapshot', model: 'Rdv', data }), means));
      found += page.records.length;
      last = page;
      pages += 1;
      if (pages % PAGES_A_LOOK !== 0) continue;
      await refuseWithoutRole(means, organisation);
      yield { readings, next: { from: last.to + SECOND_MS, lengthMs } };
      readings = [];
    }
    from = to + SECOND_MS;
    if (to < busy.to && from > busy.from)
      lengthMs = bounded(lengthMs * Math.min(4, Math.max(0.25, AIM / Math.max(found, 1))));
  }
  await refuseWithoutRole(means, organisation);
  yield { readings, next: { from } };
}

function endOf(from: number, lengthMs: number, busy: { readonly from: number; readonly to: number }): number {
  if (from < busy.from) return busy.from - SECOND_MS;
  if (from >= busy.to) return LATEST;
  return Math.min(busy.to - SECOND_MS, from + lengthMs - SECOND_MS);
}

const wholeSecond = (ms: number) => Math.floor(ms / SECOND_MS) * SECOND_MS;
const bounded = (ms: number) => wholeSecond(Math.min(YEAR_MS, Math.max(HOUR_MS, ms)));
