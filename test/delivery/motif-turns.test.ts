// RDV of one motif in one process: they share a row, and do not wait for each other.
import { expect, test } from 'vitest';
import { makeMotif, makeNotification, makeRdv, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { startBench } from './bench.ts';

test('an RDV that Dataverse keeps waiting delays no other RDV of its motif', async () => {
  const bench = await startBench();
  const rdv = (id: number) =>
    senderJson(
      makeNotification({
        model: 'Rdv',
        event: 'updated',
        data: makeRdv({ id, motif: makeMotif({ id: 5 }), participations: [] }),
        at: `2026-11-24T09:00:${id - 60}Z`,
      }),
    );
  await bench.deliver(rdv(70));
  bench.dataverse.faults.add({ kind: 'slow', ms: 1_500 });
  const done: number[] = [];
  const slow = bench.deliver(rdv(71)).then(() => done.push(71));
  await expect.poll(() => bench.dataverse.faults.list()).toEqual([]);
  await Promise.all([slow, bench.deliver(rdv(72)).then(() => done.push(72))]);
  expect(done).toEqual([72, 71]);
  await bench.stop();
});
