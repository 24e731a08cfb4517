// The theorem of order on the wire, for absences and plages d'ouverture.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { calendarHistory } from '../sync/calendar-histories.ts';
import { disordered, inOrder } from '../sync/histories.ts';
import { type Bench, clear, NO_MEMORY, startBench, stateOf } from './bench.ts';

const RUNS = Math.ceil(Number(process.env['PROPERTY_RUNS'] ?? 400) / 20);
/** Few weeks: the order of notifications matters here, not how many occurrences there are. */
const TEAM = '00000000-0000-4000-9000-0000000000aa';
const settings = { CALENDAR_WEEKS_PAST: '1', CALENDAR_WEEKS_AHEAD: '6', DEFAULT_OWNER_TEAM: TEAM };

describe.each([
  ['remembering', {}],
  ['remembering nothing', { memory: NO_MEMORY }],
])('a worker %s', (_, options) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench({ settings, ...options });
    insertOwnerTeam(bench.dataverse.rows, { teamid: TEAM });
    bench.dataverse.rows.insert('systemuser', { internalemailaddress: 'agent-5@example.org' });
  });
  afterAll(() => bench.stop());

  async function stateAfter(deliveries: readonly { body: string; receivedAt: number }[]) {
    clear(bench.dataverse);
    const worker = bench.colleague();
    for (const { body, receivedAt } of deliveries) await worker.deliver(body, receivedAt);
    expect([...worker.quarantined.values()]).toEqual([]);
    expect(worker.putBack).toEqual([]);
    return stateOf(bench.dataverse, 'with owners');
  }

  const shown = calendarHistory.chain((sent) => disordered(sent).map((deliveries) => ({ sent, deliveries })));

  test('ends as if the history had been read once', async () => {
    await fc.assert(
      fc.asyncProperty(shown, async ({ sent, deliveries }) => {
        expect(await stateAfter(deliveries)).toEqual(await stateAfter(inOrder(sent)));
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
