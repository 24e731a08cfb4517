// A clock that jumps over every wait.
import type { Clock } from '../../../src/rdv-solidarites/api/pace.ts';

export function virtualClock(start = 0): Clock & { advance(ms: number): void } {
  let now = start;
  const advance = (ms: number) => {
    now += ms;
  };
  return { now: () => now, sleep: async (ms) => advance(ms), advance };
}
