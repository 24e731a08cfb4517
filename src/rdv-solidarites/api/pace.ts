// The pace of requests towards the sender: evenly spaced slots, never saved up for a burst.

export interface Pace {
  /** Resolves when the next request may leave. Each call takes one slot. */
  turn(): Promise<void>;
  /** When the next slot is, in ms since 1970: what a successor in another process continues from. */
  readonly nextAt: number;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Resolves after so many ms. */
  sleep(ms: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

interface PaceOptions {
  readonly perMinute: number;
  /** The `nextAt` of a predecessor, so that a chain of work items keeps one pace. */
  readonly nextAt?: number | undefined;
  readonly clock?: Clock;
}

export function openPace({ perMinute, nextAt = 0, clock = SYSTEM_CLOCK }: PaceOptions): Pace {
  const spacing = 60_000 / perMinute;
  // No predecessor takes more than one slot ahead: a later one was kept by a clock that is wrong.
  let next = Math.min(nextAt, clock.now() + spacing);
  return {
    turn: async () => {
      const now = clock.now();
      const slot = Math.max(now, next);
      next = slot + spacing;
      if (slot > now) await clock.sleep(slot - now);
    },
    get nextAt() {
      return next;
    },
  };
}
