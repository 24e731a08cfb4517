import { expect, test } from 'vitest';
import { openOnce } from '../../src/open-once.ts';

test('opens once for all who ask, and again only after an opening that failed', async () => {
  const results = [Promise.reject(new Error('not yet')), Promise.resolve('open'), Promise.resolve('again')];
  let opened = 0;
  const ask = openOnce(async () => {
    opened += 1;
    return results[opened - 1];
  });
  const first = await Promise.allSettled([ask(), ask()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([ask(), ask()])).toEqual(['open', 'open']);
  expect(await ask()).toBe('open');
  expect(opened).toBe(2);
});
