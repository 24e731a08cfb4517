// The theorem of order on the wire: worker, client library, batches, and Dynamics' own rules.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disordered, history, inOrder, type Sent } from '../sync/histories.ts';
import { MemoryDynamics } from '../sync/memory-dynamics.ts';
import { type Bench, clear, NO_MEMORY, startBench, stateOf } from './bench.ts';

const RUNS = Math.ceil(Number(process.env['PROPERTY_RUNS'] ?? 400) / 10);

/** Attendees left out: where Dynamics replaces parties role by role, the last one of a role cannot be taken off. */
const withoutParties = (state: object) =>
  JSON.parse(JSON.stringify(state, (key, value) => (key === 'parties' ? undefined : value)));
const whole = (state: object) => state;

describe.each([
  ['remembering', {}, whole],
  ['remembering nothing', { memory: NO_MEMORY }, whole],
  ['where parties are replaced role by role', { dataverse: { partyReplacement: 'per-mask' as const } }, withoutParties],
])('a worker %s', (_, options, compared) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench(options);
  });
  afterAll(() => bench.stop());

  const shown = history.chain((sent) => disordered(sent).map((deliveries) => ({ sent, deliveries })));
  const expected = (sent: readonly Sent[]) => {
    const dynamics = new MemoryDynamics();
    for (const delivery of inOrder(sent)) dynamics.deliver(delivery);
    return dynamics.state();
  };

  test('ends as if the history had been read once', async () => {
    await fc.assert(
      fc.asyncProperty(shown, async ({ sent, deliveries }) => {
        clear(bench.dataverse);
        const worker = bench.colleague();
        for (const { body, receivedAt } of deliveries) await worker.deliver(body, receivedAt);
        expect([...worker.quarantined.values()]).toEqual([]);
        expect(worker.putBack).toEqual([]);
        expect(compared(stateOf(bench.dataverse))).toEqual(compared(expected(sent)));
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
