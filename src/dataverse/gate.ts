// The way to Dataverse within one process: so many exchanges at once, and none while Dataverse asks for a pause.
import { setTimeout } from 'node:timers/promises';
import { DataverseError } from './failure.ts';

export interface Gate {
  /**
   * Takes a place, does the work, gives the place back.
   *
   * @throws DataverseError of kind `transient`, code `paused`, when the pause outlasts what may be waited for here
   */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Keeps everybody out for so many ms: what one exchange is told by a 429 holds for all. */
  pause(ms: number): void;
}

/**
 * Waiting here keeps messages on the queue, where they cost nothing; the function's time-out bounds it. Longer pauses
 * end in a message put back.
 */
const LONGEST_WAIT_MS = 45_000;

/** @param now milliseconds since any moment, never going back */
export function createGate(places: number, now: () => number = () => performance.now()): Gate {
  let free = places;
  let closedUntil = 0;
  const waiting: (() => void)[] = [];

  const takePlace = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const givePlace = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const waitForOpening = async (): Promise<void> => {
    const giveUpAt = now() + LONGEST_WAIT_MS;
    for (let left = closedUntil - now(); left > 0; left = closedUntil - now()) {
      if (closedUntil > giveUpAt) throw new DataverseError({ kind: 'transient', code: 'paused', retryAfterMs: left });
      await setTimeout(left);
    }
  };

  return {
    pass: async (work) => {
      await takePlace();
      try {
        await waitForOpening();
        return await work();
      } finally {
        givePlace();
      }
    },
    pause: (ms) => {
      closedUntil = Math.max(closedUntil, now() + ms);
    },
  };
}
