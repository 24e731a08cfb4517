// The theorem of order for two people of one RDV, who leave, come back by another participation, are merged and anonymised.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Delivery, MemoryDynamics } from './memory-dynamics.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
const START = Date.parse('2026-11-24T09:00:00Z');
const TEAM = '00000000-0000-4000-9000-0000000000aa';

const acts = fc.array(
  fc.record({
    kind: fc.constantFrom('join', 'leave', 'seen', 'anonymise', 'merge', 'destroy'),
    usager: fc.constantFrom(1, 2),
  }),
  { minLength: 3, maxLength: 8 },
);
type Acts = typeof acts extends fc.Arbitrary<infer T> ? T : never;

function copyOf(id: number, isAnonymised: boolean) {
  const label = 'Usager supprimé';
  const emptied = { first_name: label, last_name: label, email: `user_${id}@deleted.rdv-solidarites.fr` };
  return makeUser({ id, ...(isAnonymised && emptied) });
}

/** One body an act. */
function play(played: Acts): Delivery[] {
  const ids = new Map<number, number>();
  const seen = new Set<number>();
  const anonymised = new Set<number>();
  return played.flatMap(({ kind, usager }, second) => {
    const other = 3 - usager;
    const id = ids.get(usager);
    if (kind === 'join' && !anonymised.has(usager)) ids.set(usager, id ?? 9000 + second);
    if (kind === 'leave') ids.delete(usager);
    if (kind === 'seen' && id !== undefined) seen.add(id);
    if (kind === 'anonymise') anonymised.add(usager);
    if (kind === 'merge' && id !== undefined && !anonymised.has(other)) {
      ids.delete(usager);
      ids.set(other, ids.get(other) ?? id);
    }
    const isLast = kind === 'destroy';
    if (isLast && second < played.length - 1) return [];
    const participations = [...ids].map(([user, participation]) =>
      makeParticipation({
        id: participation,
        status: seen.has(participation) ? 'seen' : 'unknown',
        user: copyOf(user, anonymised.has(user)),
      }),
    );
    const at = new Date(START + second * 1000).toISOString();
    const data = makeRdv({ id: 71, participations });
    const body = senderJson(makeNotification({ model: 'Rdv', event: isLast ? 'destroyed' : 'updated', data, at }));
    return [{ body, receivedAt: START + second * 1000 + 500 }];
  });
}

const cases = acts.chain((played) => {
  const sent = play(played);
  const twice = [...sent.keys(), ...sent.keys()];
  return fc.record({ played: fc.constant(played), order: fc.shuffledSubarray(twice, { minLength: twice.length }) });
});

test.each<Record<string, string>>([
  {},
  { RDV_SUBJECT: '{usagers}', DEFAULT_OWNER_TEAM: TEAM, ON_RDV_DESTROYED: 'delete' },
])('any order of the bodies of an RDV ends in the same rows, with the policies %j', (policies) => {
  fc.assert(
    fc.property(cases, ({ played, order }) => {
      const sent = play(played);
      const [ordered, disordered] = [new MemoryDynamics(policies), new MemoryDynamics(policies)];
      for (const delivery of sent) ordered.deliver(delivery);
      for (const delivery of order.flatMap((at) => sent[at] ?? [])) disordered.deliver(delivery);
      expect(disordered.state()).toEqual(ordered.state());
    }),
    { numRuns: RUNS },
  );
}, 600_000);
