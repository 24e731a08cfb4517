import { expect, test } from 'vitest';
import { DeadlineError, withDeadline } from '../../src/dataverse/deadline.ts';

test('gives what the call gives, or its error', async () => {
  expect(await withDeadline(1000, async () => 7)).toBe(7);
  await expect(withDeadline(1000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('ends a call that never settles, and aborts it', async () => {
  let signal: AbortSignal | undefined;
  const never = withDeadline(20, (given) => {
    signal = given;
    return new Promise(() => {});
  });
  await expect(never).rejects.toThrow(DeadlineError);
  await expect(never).rejects.toThrow('within 20 ms');
  expect(signal?.aborted).toBe(true);
});
