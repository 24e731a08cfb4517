// The sender announces, some of it is lost, and its API is read meanwhile: after the last reading, Dynamics is what the sender
// shows, as if nothing had been lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disordered, HISTORY_START, inOrder, shuffled, type View, watchedHistoryOf } from './histories.ts';
import { type Delivery, driftIn, MemoryDynamics, writesIn } from './memory-dynamics.ts';
import { delivered, missing, recordsOf } from './readings.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
/** The version of what is read lies two seconds before the reading. */
const GUARD = 2;

/** A history of which some is lost, readings in between, and what wrongly counts as missing in one of them. */
const story = watchedHistoryOf({ acts: 14, pause: 0 }).chain(({ sent, views }) =>
  fc
    .record({
      kept: fc.subarray([...sent]),
      readings: fc.array(fc.record({ view: fc.constantFrom(...views), wronged: fc.boolean() }), { maxLength: 3 }),
      // Our clock beside the sender's, in ms.
      skew: fc.integer({ min: -60_000, max: 60_000 }),
    })
    .chain(({ kept, readings, skew }) => {
      const read = readings.flatMap(({ view, wronged }) => readingOf(view, view.second - GUARD, skew, wronged));
      const announced = kept.length === 0 ? fc.constant([]) : disordered(kept);
      return announced.chain((deliveries) =>
        interleaved(
          deliveries.map((one): Delivery => ({ ...one, receivedAt: one.receivedAt + skew })),
          read,
        ).map((all) => ({ sent, last: lastOf(views), deliveries: all, skew })),
      );
    }),
);

const lastOf = (views: readonly View[]): View =>
  views.at(-1) ?? { second: 0, rdvs: [], destroyed: [], people: [], anonymised: [] };

function readingOf(view: View, second: number, skew: number, wronged = false): Delivery[] {
  const records = wronged ? [...view.rdvs.map(({ id }) => missing('Rdv', id)), missing('User', 1)] : recordsOf(view);
  return records.map((record) => delivered(record, second, HISTORY_START + view.second * 1000 + skew + 500));
}

/** The notifications in the order that they have, and the readings anywhere between them. */
const interleaved = (announced: readonly Delivery[], read: readonly Delivery[]): fc.Arbitrary<readonly Delivery[]> =>
  shuffled([...announced.map(() => 'announced'), ...read.map(() => 'read')]).map((turns) => {
    const queues = { announced: [...announced], read: [...read] };
    return turns.flatMap((turn) => queues[turn === 'read' ? 'read' : 'announced'].splice(0, 1));
  });

/**
 * What the sender still shows, as Dynamics shows it: members, and RDV with those of their people whose presence can be known.
 * Of others, who are anonymised or belong to no organisation, only lost notifications could tell whether they ever were there.
 */
function shown(dynamics: MemoryDynamics, { rdvs, people }: View) {
  const members = people.filter(({ organisations }) => organisations.length > 0).map(({ data }) => data.id);
  const isMember = (attendee: string) => members.some((id) => attendee.endsWith(`usager-${id}`));
  return {
    contacts: members.map((id) => ({ ...dynamics.contact(id), rdvs_responsible: null })),
    removed: members.map((id) => dynamics.link(`usager-${id}`)?.removedOn),
    appointments: rdvs.map(({ id }) => {
      const { regardingobjectid: _, ...columns } = dynamics.appointment(id) ?? {};
      const attendees = dynamics.attendees(id).filter((one) => isMember(one) && !one.startsWith('regarding'));
      return { ...columns, attendees };
    }),
  };
}

describe.each<Record<string, string>>([
  {},
  { ON_RDV_DESTROYED: 'delete', ON_USAGER_REMOVED: 'deactivate' },
  { ON_USAGER_REMOVED: 'anonymise' },
])('with the policies %j', (policies) => {
  test('the last reading makes good what was lost, and the next one finds nothing', () => {
    fc.assert(
      fc.property(story, ({ sent, last, deliveries, skew }) => {
        const lossy = new MemoryDynamics(policies);
        for (const delivery of deliveries) lossy.deliver(delivery);
        const whole = new MemoryDynamics(policies);
        for (const delivery of inOrder(sent)) whole.deliver(delivery);
        const night = readingOf({ ...last, second: last.second + 90 }, last.second + 60, skew);
        for (const delivery of night) {
          expect(driftIn(lossy.deliver(delivery)).filter((one) => one.endsWith(' stale'))).toEqual([]);
          whole.deliver(delivery);
        }
        expect(shown(lossy, last)).toEqual(shown(whole, last));
        for (const id of last.destroyed)
          expect(['removed', 'missing', undefined]).toContain(lossy.link(`rdv-${id}`)?.state);
        const next = readingOf({ ...last, second: last.second + 3690 }, last.second + 3660, skew);
        for (const delivery of next) expect(writesIn(lossy.deliver(delivery))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
