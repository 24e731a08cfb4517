// Many notifications about the same people and RDV, taken from one queue by several processes at once.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOf } from '../delivery/bench.ts';
import { historyOf, inOrder, type Sent } from '../sync/histories.ts';
import { MemoryDynamics } from '../sync/memory-dynamics.ts';
import { openWorkshop, type Workshop } from './workers.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  await Promise.all([workshop.hire(), workshop.hire(), workshop.hire()]);
}, 60_000);
afterAll(() => workshop.stop());

function expected(sent: readonly Sent[]) {
  const dynamics = new MemoryDynamics();
  for (const delivery of inOrder(sent)) dynamics.deliver(delivery);
  return dynamics.state();
}

test('three processes end where one would, without doubles and without quarantine', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const [sent = []] = fc.sample(historyOf({ acts: 150, pause: 1 }), { seed, numRuns: 1 });
  // Every body twice, all at once: the queue and the workers decide the order.
  const later = Math.max(...sent.map(({ receivedAt }) => receivedAt)) + 1;
  const repeats = sent.map((one, at) => ({ ...one, receivedAt: later + at }));
  await Promise.all([...sent, ...repeats].map(({ body, receivedAt }) => workshop.enqueue(body, receivedAt)));
  await workshop.idle();

  expect(stateOf(workshop.dataverse)).toEqual(expected(sent));
  expect(await workshop.quarantined()).toBe(0);
  expect(workshop.events('notification.done').length).toBeGreaterThanOrEqual(2 * sent.length);
  const conflicts = workshop.events('notification.done').map((event) => Number(event['conflicts']));
  console.log(`${sent.length} bodies, each twice: ${conflicts.reduce((a, b) => a + b, 0)} conflicts`);
}, 120_000);
