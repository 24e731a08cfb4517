// Lets held notifications go: back to their queues, in the order of receipt, at a pace.
import type { Storage } from '../storage/clients.ts';
import { sendEnvelope } from '../storage/queue.ts';
import { dropHeld, listHeld, readHeld } from './held.ts';
import { pack } from './replay.ts';

export interface ReleaseOptions {
  /** Notifications a minute. */
  readonly pace: number;
  /** ms since 1970 */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onProgress?: (released: number, of: number) => void;
}

export interface Released {
  readonly released: number;
  /** The application held one again while it was let go: it still may not write. */
  readonly heldAgain: boolean;
}

/**
 * Sends what is held to be applied, each before it is taken out: an interruption leaves it held, and it may be sent twice,
 * which the worker applies once. Receipt times stay, because they decide the order; ages and attempts count anew.
 */
export async function release(storage: Storage, options: ReleaseOptions): Promise<Released> {
  const { pace, now, sleep, onProgress } = options;
  const entries = await listHeld(storage);
  const beganAt = now();
  let released = 0;
  for (const { name } of entries) {
    const due = beganAt + (released * 60_000) / pace;
    if (due > now()) await sleep(due - now());
    const held = await readHeld(storage, name);
    if (held === undefined) continue;
    const { attempt: _, ownFailures: __, firstFailedAt: ___, ...arrival } = held.envelope;
    await sendEnvelope(storage, await pack(storage, { ...arrival, replayedAt: now() }, held.body), 0);
    if ((await dropHeld(storage, name, held.etag)) === 'held-again') return { released, heldAgain: true };
    released += 1;
    onProgress?.(released, entries.length);
  }
  return { released, heldAgain: false };
}
