// RDV with more participants than a change set has room for.
import { expect, test } from 'vitest';
import { makeParticipation, makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import type { Write } from '../../src/sync/model/plan.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const RDV = 77_001;
/** What Dataverse takes (Microsoft Learn, "Execute batch operations"). */
const MOST = 1000;
const participations = Array.from({ length: 1200 }, (_, at) =>
  makeParticipation({ id: 5000 + at, user: makeUser({ id: 1001 + at }) }),
);
const rdv = (second: number, listed: typeof participations) =>
  ({
    model: 'Rdv',
    event: 'updated',
    data: makeRdv({ collectif: true, participations: listed }),
    at: `2026-11-24T09:00:0${second}Z`,
  }) as const;

/** Dynamics that is away when it is sent its nth change set. */
class Failing extends MemoryDynamics {
  left = Number.POSITIVE_INFINITY;
  override perform(writes: readonly Write[]): void {
    if (writes.length > MOST) throw new Error('too many parts');
    this.left -= 1;
    if (this.left === 0) throw new Error('away');
    super.perform(writes);
  }
}

test('1,200 participations come and go', () => {
  const dynamics = new Failing();
  dynamics.receive(rdv(0, participations));
  expect(dynamics.attendance(RDV)).toHaveLength(1200);
  dynamics.receive(rdv(1, participations.slice(0, 1)));
  expect(dynamics.attendance(RDV)).toHaveLength(1);
});

test('what a failure in the middle left out comes when the notification is tried again', () => {
  const dynamics = new Failing();
  dynamics.left = 5;
  expect(() => dynamics.receive(rdv(0, participations))).toThrow('away');
  expect(dynamics.attendance(RDV).length).toBeLessThan(1200);
  dynamics.receive(rdv(0, participations));
  expect(dynamics.attendance(RDV)).toHaveLength(1200);
}, 60_000);
