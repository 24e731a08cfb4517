import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarHistory } from './calendar-histories.ts';
import { disordered, inOrder, type Sent } from './histories.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const RUNS = Math.ceil(Number(process.env['PROPERTY_RUNS'] ?? 400) / 3);

function stateAfter(deliveries: readonly Sent[], policies: Record<string, string>) {
  const dynamics = new MemoryDynamics(policies);
  dynamics.addUser('agent-5@example.org');
  for (const delivery of deliveries) dynamics.deliver(delivery);
  return dynamics.state();
}

const shownTogether = calendarHistory.chain((sent) => disordered(sent).map((deliveries) => ({ sent, deliveries })));

describe('absences and plages: whatever arrives, in whatever order, Dynamics ends as if it had been read once', () => {
  test.each<Record<string, string>>([
    {},
    { ON_RGPD: 'keep', UNKNOWN_AGENT: 'ignore', ON_DELETED_IN_DYNAMICS: 'recreate' },
    { DEFAULT_OWNER_TEAM: '00000000-0000-4000-9000-0000000000ff', CALENDAR_WEEKS_PAST: '0', CALENDAR_WEEKS_AHEAD: '5' },
  ])('with the policies %j', (policies) => {
    fc.assert(
      fc.property(shownTogether, ({ sent, deliveries }) => {
        expect(stateAfter(deliveries, policies)).toEqual(stateAfter(inOrder(sent), policies));
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
