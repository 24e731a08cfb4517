// The theorem of order for motifs: a motif is what its own notifications say, in whatever order bodies arrive.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  makeMotif,
  makeNotification,
  makeParticipation,
  makeRdv,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Delivery, MemoryDynamics } from './memory-dynamics.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
const START = Date.parse('2026-11-24T09:00:00Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();

/** Names come back, as when a motif is renamed by mistake. RDV name the motif as it is at their moment. */
const acts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('rename' as const), name: fc.constantFrom('A', 'B', 'C') }),
    fc.record({ kind: fc.constant('remove' as const), removed: fc.boolean() }),
    fc.record({ kind: fc.constant('rdv' as const), rdv: fc.constantFrom(71, 72, 73) }),
  ),
  { minLength: 2, maxLength: 12 },
);

function play(played: typeof acts extends fc.Arbitrary<infer T> ? T : never, destroyed: boolean): Delivery[] {
  let now = makeMotif({ id: 5, name: 'A' });
  const sent: Delivery[] = [];
  const send = (model: 'Motif' | 'Rdv', event: 'updated' | 'destroyed', data: object) => {
    const count = sent.length;
    // Two bodies a second, for the sender counts in seconds.
    const body = senderJson(makeNotification({ model, event, data, at: at(Math.floor(count / 2)) }));
    sent.push({ body, receivedAt: START + count * 500 + 100 });
  };
  for (const act of played) {
    if (act.kind === 'rdv') {
      const participations = [makeParticipation({ id: 90_000 + act.rdv })];
      send('Rdv', 'updated', makeRdv({ id: act.rdv, motif: now, participations }));
      continue;
    }
    now =
      act.kind === 'rename'
        ? { ...now, name: act.name }
        : { ...now, deleted_at: act.removed ? '2026-11-24 09:00:00 +0100' : null };
    send('Motif', 'updated', now);
  }
  if (destroyed) send('Motif', 'destroyed', now);
  return sent;
}

const cases = fc
  .tuple(acts, fc.boolean())
  .map(([played, destroyed]) => play(played, destroyed))
  .chain((sent) => {
    const twice = [...sent.keys(), ...sent.keys()];
    return fc.record({
      sent: fc.constant(sent),
      deliveries: fc.shuffledSubarray(twice, { minLength: twice.length }).map((order) => repeated(sent, order)),
    });
  });

/** Each body twice, its repeat received later than all. */
function repeated(sent: readonly Delivery[], order: readonly number[]): Delivery[] {
  const seen = new Set<number>();
  return order.flatMap((index, place) => {
    const delivery = sent[index];
    if (delivery === undefined) return [];
    const isRepeat = seen.has(index);
    seen.add(index);
    return [isRepeat ? { ...delivery, receivedAt: START + 3_600_000 + place } : delivery];
  });
}

test('any order of the bodies of a motif ends in the same rows', () => {
  fc.assert(
    fc.property(cases, ({ sent, deliveries }) => {
      const [ordered, disordered] = [new MemoryDynamics(), new MemoryDynamics()];
      for (const delivery of sent) ordered.deliver(delivery);
      for (const delivery of deliveries) disordered.deliver(delivery);
      expect(disordered.state()).toEqual(ordered.state());
    }),
    { numRuns: RUNS },
  );
}, 600_000);
