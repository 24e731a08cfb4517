// The theorem of order for several processes at once, each with its own memory of the same rows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disordered, history, inOrder } from '../sync/histories.ts';
import { type Delivery, MemoryDynamics } from '../sync/memory-dynamics.ts';
import { clear, startBench, stateOf } from './bench.ts';

const RUNS = Math.ceil(Number(process.env['PROPERTY_RUNS'] ?? 400) / 20);
const WORKERS = 3;

const shown = history.chain((sent) =>
  disordered(sent).chain((deliveries) =>
    fc.record({
      sent: fc.constant(sent),
      deliveries: fc.constant(deliveries),
      workers: fc.array(fc.nat(WORKERS - 1), { minLength: deliveries.length, maxLength: deliveries.length }),
      atOnce: fc.integer({ min: 1, max: 4 }),
    }),
  ),
);

/**
 * Groups that are delivered at once. A repeat is in a later one than its first delivery: before it, and beside another body
 * of the same second, it would count as news (docs/decisions/0003-first-receipt-within-one-second.md).
 */
function inGroups<T extends Delivery>(deliveries: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (const delivery of deliveries) {
    const last = groups.at(-1);
    const isFull = last === undefined || last.length >= size || last.some(({ body }) => body === delivery.body);
    if (isFull) groups.push([delivery]);
    else last.push(delivery);
  }
  return groups;
}

test.each<Record<string, string>>([
  {},
  { RDV_SUBJECT: '{motif} {usagers}', ON_RDV_DESTROYED: 'delete' },
])('several workers end as if the history had been read once, with the policies %j', async (settings) => {
  const bench = await startBench({ settings });
  await fc.assert(
    fc.asyncProperty(shown, async ({ sent, deliveries, workers, atOnce }) => {
      clear(bench.dataverse);
      const colleagues = Array.from({ length: WORKERS }, () => bench.colleague());
      const dealt = deliveries.map((delivery, at) => ({ ...delivery, to: colleagues[workers[at] ?? 0] }));
      for (const together of inGroups(dealt, atOnce)) {
        await Promise.all(together.map(({ body, receivedAt, to }) => to?.deliver(body, receivedAt)));
      }
      expect(colleagues.flatMap(({ quarantined, putBack }) => [...quarantined.values(), ...putBack])).toEqual([]);
      const ordered = new MemoryDynamics(settings);
      for (const delivery of inOrder(sent)) ordered.deliver(delivery);
      expect(stateOf(bench.dataverse)).toEqual(ordered.state());
    }),
    { numRuns: RUNS },
  );
  await bench.stop();
}, 3_600_000);
