// Time that passes only when nothing else is left to do: hours of waiting in an instant, at the right moments.
import { setImmediate } from 'node:timers/promises';
import { Heap } from './heap.ts';

export interface VirtualTime {
  /** ms since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Work of the real world, a request for instance: time stands still until it is done. */
  real<T>(work: () => Promise<T>): Promise<T>;
  /** Lets time pass until the work is done. */
  runUntil(work: Promise<unknown>): Promise<void>;
}

export function startTime(at: number): VirtualTime {
  const sleepers = new Heap<{ readonly at: number; readonly wake: () => void }>(({ at }) => at);
  let time = at;
  let outstanding = 0;

  /** Resolves when whatever can go on without time has gone on. */
  const settle = async () => {
    for (let quiet = 0; quiet < 2; ) {
      await setImmediate();
      quiet = outstanding === 0 ? quiet + 1 : 0;
    }
  };

  return {
    now: () => time,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: time + Math.max(0, ms), wake })),
    real: async (work) => {
      outstanding += 1;
      try {
        return await work();
      } finally {
        outstanding -= 1;
      }
    },
    runUntil: async (work) => {
      let ended = false;
      const end = () => {
        ended = true;
      };
      work.then(end, end);
      for (;;) {
        await settle();
        if (ended) break;
        const next = sleepers.pop();
        if (next === undefined) throw new Error('everybody waits, and nobody for time');
        time = Math.max(time, next.at);
        next.wake();
        while (sleepers.peek()?.at === next.at) sleepers.pop()?.wake();
      }
      await work;
    },
  };
}
