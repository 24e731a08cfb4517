// Time that two threads share, and that passes only when somebody sleeps.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../src/rdv-solidarites/api/pace.ts';

export type TimeCell = SharedArrayBuffer;

/** @param at ms since 1970 */
export function startSharedTime(at: number): TimeCell {
  const cell = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  Atomics.store(new BigInt64Array(cell), 0, BigInt(Math.round(at)));
  return cell;
}

export function sharedClock(cell: TimeCell): Clock {
  const time = new BigInt64Array(cell);
  return {
    now: () => Number(Atomics.load(time, 0)),
    sleep: async (ms) => {
      Atomics.add(time, 0, BigInt(Math.ceil(ms)));
      await setImmediate();
    },
  };
}
