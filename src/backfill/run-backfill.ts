// The backfill itself: reads part after part, sends each record to be applied, and remembers how far it has come.
import type { Clock } from '../rdv-solidarites/api/pace.ts';
import type { Sender } from '../rdv-solidarites/api/sender.ts';
import { chunks } from '../sync/model/chunks.ts';
import { BackfillStopped, type Batch, type Reading, type ReadWith, RoleLost } from './batches.ts';
import { type Part, type Progress, partsOf } from './progress.ts';
import { readList } from './read-list.ts';
import { readRdvs } from './read-rdvs.ts';

/** What is read goes to the application by its queue. Errors are those of the storage SDK. */
export interface SnapshotQueue {
  readonly send: (reading: Reading, run: string) => Promise<unknown>;
  /** Records that wait there. */
  readonly waiting: () => Promise<number>;
}

export interface BackfillWith {
  readonly sender: Sender;
  readonly queue: SnapshotQueue;
  readonly clock: Clock;
  readonly stopping: () => boolean;
  /** Keeps the progress. */
  readonly save: (progress: Progress) => Promise<void>;
  readonly onProgress: (progress: Progress, waiting: number) => void;
}

/** Read anew after an end without warning; see `advance`. */
const SAVE_EVERY_MS = 10_000;
/** Records on the queue beyond which the reading waits: the application has work for minutes. */
const MOST_WAITING = 1_000;
const LOOK_AGAIN_MS = 5_000;
const AT_ONCE = 8;

/**
 * Reads and sends what is left, then waits until the application has worked it off.
 *
 * @returns the progress: unread organisations are those in `lost`
 * @throws BackfillStopped, SenderError, and errors of the storage SDK; the progress is saved before
 */
export async function runBackfill(start: Progress, means: BackfillWith): Promise<Progress> {
  // The first answer dates the one after it.
  await means.sender.readMe();
  const own = await ownOrganisations(means.sender);
  const kept = keep(start, means);
  try {
    for (const part of partsOf(start).slice(start.part)) await readPart(part, own, kept, means);
  } finally {
    await means.save(kept.current());
  }
  await workedOff(0, kept.current(), means);
  return kept.current();
}

interface Kept {
  readonly current: () => Progress;
  readonly set: (next: Progress) => Promise<void>;
}

/** The progress, saved from time to time. */
function keep(start: Progress, { save, clock }: BackfillWith): Kept {
  let current = start;
  let savedAt = clock.now();
  return {
    current: () => current,
    set: async (next) => {
      current = next;
      if (clock.now() - savedAt < SAVE_EVERY_MS) return;
      await save(next);
      savedAt = clock.now();
    },
  };
}

/** The same after a batch of a part was sent. */
function advance(before: Progress, { kind: of }: Part, { readings, next, unseen = 0 }: Batch): Progress {
  const { read, sent } = before.counts[of];
  const counts = { ...before.counts, [of]: { read: read + readings.length, sent: sent + readings.length } };
  return { ...before, place: next, counts, unseen: before.unseen + unseen };
}

async function ownOrganisations(sender: Sender): Promise<ReadonlySet<number>> {
  const own = new Set<number>();
  for await (const { records } of sender.readOrganisations()) for (const { id } of records) own.add(id);
  return own;
}

async function readPart(part: Part, own: ReadonlySet<number>, kept: Kept, means: BackfillWith): Promise<void> {
  const { organisation } = part;
  try {
    if (organisation !== undefined && !own.has(organisation)) throw new RoleLost();
    for await (const batch of batchesOf(part, kept.current(), means)) {
      await workedOff(MOST_WAITING, kept.current(), means);
      await send(batch.readings, kept.current().run, means);
      await kept.set(advance(kept.current(), part, batch));
    }
  } catch (error) {
    if (!(error instanceof RoleLost) || organisation === undefined) throw error;
    const { lost } = kept.current();
    await kept.set({ ...kept.current(), lost: [...new Set([...lost, organisation])] });
  }
  const done = kept.current();
  await kept.set({ ...done, part: done.part + 1, place: {} });
}

function batchesOf(part: Part, current: Progress, means: BackfillWith): AsyncIterable<Batch> {
  const { sender, stopping, clock } = means;
  const readWith: ReadWith = { sender, stopping, now: clock.now };
  const { kind, organisation } = part;
  if (kind !== 'rdv' || organisation === undefined) return readList(part, current.place, readWith);
  const expected = (current.expected?.rdv ?? 0) / current.organisations.length;
  return readRdvs({ organisation, since: current.since, expected }, current.place, readWith);
}

async function send(readings: readonly Reading[], run: string, { queue, stopping }: BackfillWith): Promise<void> {
  for (const some of chunks(readings, AT_ONCE)) {
    if (stopping()) throw new BackfillStopped('asked');
    await Promise.all(some.map((reading) => queue.send(reading, run)));
  }
}

/** Waits until at most so many records wait for the application. */
async function workedOff(most: number, current: Progress, means: BackfillWith): Promise<void> {
  const { queue, clock, stopping, onProgress } = means;
  for (;;) {
    const count = await queue.waiting();
    onProgress(current, count);
    if (count <= most) return;
    if (stopping()) throw new BackfillStopped('asked');
    await clock.sleep(LOOK_AGAIN_MS);
  }
}
