// The sender's time. Tests set it; the local start lets it run.

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Calls `wake` at that time; returns what cancels it. */
  at(time: number, wake: () => void): () => void;
}

// The longest delay of setTimeout.
const LONGEST_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  at: (time, wake) => {
    const timer = setTimeout(wake, Math.min(LONGEST_MS, Math.max(0, time - Date.now())));
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** The time of the next call that waits. */
  next(): number | undefined;
  /** Moves on, making the calls that fall due on the way, each at its own time. */
  moveTo(time: number): void;
}

/** A clock that stands still until it is moved. */
export function manualClock(start: number): ManualClock {
  let now = start;
  const waiting = new Set<{ readonly time: number; readonly wake: () => void }>();
  const first = () => {
    let found: { readonly time: number; readonly wake: () => void } | undefined;
    for (const one of waiting) if (found === undefined || one.time < found.time) found = one;
    return found;
  };
  return {
    now: () => now,
    at: (time, wake) => {
      const one = { time, wake };
      waiting.add(one);
      return () => waiting.delete(one);
    },
    next: () => first()?.time,
    moveTo: (time) => {
      for (let due = first(); due !== undefined && due.time <= time; due = first()) {
        waiting.delete(due);
        now = Math.max(now, due.time);
        due.wake();
      }
      now = Math.max(now, time);
    },
  };
}
