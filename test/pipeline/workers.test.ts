// Many notifications about the same people and RDV, taken from one queue by several processes at once.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedState } from '../chaos/tally.ts';
import { stateOf } from '../delivery/bench.ts';
import { historyOf } from '../sync/histories.ts';
import { openWorkshop, type Workshop } from './workers.ts';

describe.each([
  ['that serves one request after the other', {}],
  ['that holds row locks until commit', { rowLocks: true }],
])('on a Dataverse %s', (_, options) => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop(options);
    await Promise.all([workshop.hire(), workshop.hire(), workshop.hire()]);
  }, 60_000);
  afterAll(() => workshop.stop());

  test('three processes end where one would, without doubles and without quarantine', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`seed ${seed} (SEED=… repeats it)`);
    const [sent = []] = fc.sample(historyOf({ acts: 120, pause: 1 }), { seed, numRuns: 1 });
    // Every body twice, all at once: the queue and the workers decide the order.
    const later = Math.max(...sent.map(({ receivedAt }) => receivedAt)) + 1;
    const repeats = sent.map((one, at) => ({ ...one, receivedAt: later + at }));
    await Promise.all([...sent, ...repeats].map(({ body, receivedAt }) => workshop.enqueue(body, receivedAt)));
    await workshop.idle(90_000);

    expect(stateOf(workshop.dataverse)).toEqual(expectedState(sent));
    expect(await workshop.quarantined()).toBe(0);
    const done = workshop.events('notification.done');
    expect(done.length).toBeGreaterThanOrEqual(2 * sent.length);
    const conflicts = done.reduce((sum, { conflicts }) => sum + Number(conflicts), 0);
    const { deadlocks, conflicts412, duplicateKeys } = workshop.dataverse.stats;
    console.log(`${sent.length} bodies, each twice: ${conflicts} conflicts`, {
      deadlocks,
      conflicts412,
      duplicateKeys,
    });
  }, 120_000);
});
