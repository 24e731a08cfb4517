// Places to Dataverse: as many as the settings say, fewer after a refusal of the concurrency.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate, type Gate } from '../../src/dataverse/gate.ts';

/** How many of twenty pieces of work are let in at once. */
async function placesOf(gate: Gate): Promise<number> {
  let inside = 0;
  const end = Promise.withResolvers<void>();
  const all = Array.from({ length: 20 }, () =>
    gate.pass(() => {
      inside += 1;
      return end.promise;
    }),
  );
  await setImmediate();
  const places = inside;
  end.resolve();
  await Promise.all(all);
  return places;
}

const REFUSED = { kind: 'transient', code: '0x80072326', status: 429, retryAfterMs: 0 } as const;

test('are halved once for exchanges refused together, down to one, and grow back slowly', async () => {
  const gate = createGate(8);
  expect(await placesOf(gate)).toBe(8);
  const begun = gate.closings();
  for (const _ of [1, 2, 3]) gate.tell(REFUSED, begun);
  expect(await placesOf(gate)).toBe(4);
  for (let times = 0; times < 63; times += 1) gate.tell(undefined);
  expect(await placesOf(gate)).toBe(4);
  for (let times = 0; times < 2; times += 1) gate.tell(undefined);
  expect(await placesOf(gate)).toBe(5);
  for (const _ of [1, 2, 3, 4]) gate.tell(REFUSED, gate.closings());
  expect(await placesOf(gate)).toBe(1);
  for (let times = 0; times < 1000; times += 1) gate.tell(undefined);
  expect(await placesOf(gate)).toBe(8);
});

test('are halved too when the execution time is refused, and not when the number of requests is', async () => {
  const gate = createGate(8);
  gate.tell({ ...REFUSED, code: '0x80072322' }, gate.closings());
  expect(await placesOf(gate)).toBe(8);
  gate.tell({ ...REFUSED, code: '0x80072321' }, gate.closings());
  expect(await placesOf(gate)).toBe(4);
});
