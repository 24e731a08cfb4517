import { expect, test } from 'vitest';
import { retryDelay } from '../../src/delivery/retry.ts';

const failure = { kind: 'transient', code: '0x80072322' } as const;
const first = { attempt: 0, firstDelayMs: 30_000, chance: 0 };

test('a message comes back when Dataverse said, a fifth later at most, and never at once', () => {
  const asked = { ...failure, retryAfterMs: 60_000 };
  expect(retryDelay(asked, first)).toBe(60_000);
  expect(retryDelay(asked, { ...first, attempt: 9, chance: 1 })).toBe(72_000);
  expect(retryDelay({ ...failure, retryAfterMs: 0 }, first)).toBe(1000);
});

test('when Dataverse said nothing, after the first delay, doubled up to an hour, a fifth more or less', () => {
  const delays = [0, 1, 2, 7, 1000].map((attempt) => retryDelay(failure, { ...first, attempt, chance: 0.5 }) / 1000);
  expect(delays).toEqual([30, 60, 120, 3600, 3600]);
  expect(retryDelay(failure, first)).toBe(24_000);
  expect(retryDelay(failure, { ...first, chance: 1 })).toBe(36_000);
});
