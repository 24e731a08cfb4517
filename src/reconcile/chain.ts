// The chain of work items: each message of the queue works on the run for a while, then sends its successor. Any message may
// come late, twice, or to two workers at once.
import * as z from 'zod';
import { dueNight, quietFor } from './paris.ts';
import { type NewRun, newRun, type Run } from './run.ts';
import type { RunStore } from './run-store.ts';

const message = z.object({ v: z.literal(1), run: z.string(), item: z.int() });

export type WindowMessage = z.infer<typeof message>;

export interface Chain {
  readonly store: RunStore;
  readonly now: () => number;
  readonly send: (message: WindowMessage, delayMs: number) => Promise<void>;
}

/** What a timer needs to begin a night. */
export interface Beginning extends Chain {
  /** Tells of a run that is over, once or more often. */
  readonly tell: (run: Run) => Promise<void>;
}

export interface Worked extends Beginning {
  /** Works on the run for one item. @param save keeps how far it is */
  readonly work: (run: Run, save: (run: Run) => Promise<void>) => Promise<void>;
}

/** Until the lease of the other worker is over, or of one that died. */
const BUSY_MS = 30_000;
/** The wait after an item that failed, times their number. */
const FAILED_MS = 60_000;
/** A chain that has not moved for this long has lost its message. */
const BROKEN_MS = 30 * 60_000;
/** Nothing is put off for longer than the sender's evening; what lies further ahead was noted by a clock that is wrong. */
const FURTHEST_MS = 4 * 3_600_000;

/** Whether nobody will work on a run any more. */
export const isBroken = ({ touchedAt }: Pick<Run, 'touchedAt'>, now: number) =>
  now - touchedAt > BROKEN_MS || touchedAt - now > FURTHEST_MS;

/**
 * Begins the night's run when it is due, and mends a chain that was broken.
 *
 * @returns whether a message was sent
 */
export async function keepNight(chain: Beginning, at: number): Promise<boolean> {
  const now = chain.now();
  const done = await chain.store.locked(async ({ run, write }) => {
    const isIdle = run === undefined || run.endedAt !== null || isBroken(run, now);
    if (!isIdle) return { sent: false };
    const night = dueNight(now, at, run?.night ?? null);
    if (night !== undefined) {
      // A night that nobody worked on any more ends here: told of first, because the new one takes its place.
      if (run !== undefined && run.endedAt === null && run.kind === 'night') {
        await chain.tell({ ...run, endedAt: now, stopped: 'not-finished' });
      }
      await start(chain, { id: `night-${night}`, kind: 'night', night, dryRun: false, now, former: run }, write);
      return { sent: true };
    }
    if (run === undefined || run.endedAt !== null || run.kind === 'command') return { sent: false };
    await chain.send({ v: 1, run: run.id, item: run.item }, 0);
    await write({ ...run, touchedAt: now });
    return { sent: true };
  });
  return done?.sent ?? false;
}

/** A start that is interrupted between the two is a broken chain, and is mended as one. */
async function start(chain: Chain, given: NewRun, write: (run: Run) => Promise<void>): Promise<void> {
  const run = newRun(given);
  await write(run);
  await chain.send({ v: 1, run: run.id, item: run.item }, 0);
}

/**
 * Works on what a message names. One that is older than the run is dropped.
 *
 * @returns what became of it
 */
export async function workOn(given: unknown, chain: Worked): Promise<'over' | 'busy' | 'worked'> {
  const asked = message.safeParse(given).data;
  if (asked === undefined) return 'over';
  const done = await chain.store.locked(async ({ run, write }) => {
    if (run === undefined || run.id !== asked.run || asked.item < run.item) return { outcome: 'over' as const };
    const quietMs = quietFor(chain.now());
    if (quietMs === 0 && run.endedAt === null) await chain.work(run, write);
    if (run.endedAt !== null) {
      // Told before it counts as told: a worker that dies here leaves it to the message's next delivery.
      await chain.tell(run);
      run.item = asked.item + 1;
      await write(run);
      return { outcome: 'worked' as const };
    }
    const delayMs = quietMs > 0 ? quietMs : run.failures * FAILED_MS;
    // Sent first: a worker that dies here leaves a message that is newer than the run, and that is worked on.
    await chain.send({ ...asked, item: asked.item + 1 }, delayMs);
    run.item = asked.item + 1;
    run.touchedAt = chain.now() + delayMs;
    await write(run);
    return { outcome: 'worked' as const };
  });
  if (done !== undefined) return done.outcome;
  await chain.send(asked, BUSY_MS);
  return 'busy';
}
