// Generated histories of absences and plages d'ouverture: what agents do with their calendars, as bodies with their times.
import fc from 'fast-check';
import { type Event, makeAbsence, makeAgent, makeLieu, makeMotif, makeNotification, makeOrganisation, makePlageOuverture, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import type { Sent } from './histories.ts';

const ABSENCES = [701, 702] as const;
const PLAGES = [601, 602] as const;
/** Agent 5 is a user of Dynamics, agent 6 is not. */
const AGENTS = [5, 6] as const;

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR'] as const;

/** Rules as the sender writes them (app/services/ical_formatters/rrule.rb). */
export const rrule: fc.Arbitrary<string> = fc
  .record({
    every: fc.oneof(
      { weight: 3, arbitrary: fc.subarray([...DAYS], { minLength: 1 }).map((days) => ['WEEKLY', days.join(',')]) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...DAYS))
          .map(([nth, day]) => ['MONTHLY', `${nth}${day}`]),
      },
    ),
    interval: fc.integer({ min: 1, max: 4 }),
    until: fc.option(fc.constantFrom('20261215', '20270115', '20270402', '20271101')),
  })
  .map(({ every: [freq, days], interval, until }) => {
    const parts = [
      `FREQ=${freq}`,
      `INTERVAL=${interval}`,
      `BYDAY=${days}`,
      ...(until ? [`UNTIL=${until}T000000`] : []),
    ];
    return parts.map((part) => `${part};`).join('');
  });

const id = fc.constantFrom(...ABSENCES, ...PLAGES);
const change = fc.oneof(
  fc.record({ agent: fc.constantFrom(...AGENTS).map((id) => makeAgent({ id })) }),
  fc.record({ title: fc.constantFrom('Formation', 'Permanence', '') }),
  fc.record({ first_day: fc.constantFrom('2026-11-23', '2026-11-26', '2026-12-07') }),
  fc.record({ start_time: fc.constantFrom('08:30:00', '09:00:00') }),
  fc.record({ end_time: fc.constantFrom('12:00:00', '17:30:00') }),
  fc.record({ rrule: fc.option(rrule) }),
  fc.record({
    lieu: fc.constantFrom(null, makeLieu({ id: 1, name: 'Lieu-Test' }), makeLieu({ id: 2, name: 'Annexe-Test' })),
  }),
  fc.record({
    motifs: fc.subarray([makeMotif({ id: 1, name: 'Motif-Test' }), makeMotif({ id: 2, name: 'Suivi-Test' })], {
      minLength: 1,
    }),
  }),
  fc.record({
    organisation: fc.constantFrom(null, makeOrganisation(), makeOrganisation({ time_zone: 'Indian/Reunion' })),
  }),
);
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('change' as const), id, change }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('destroy' as const), id, rgpd: fc.boolean() }) },
);

const START = Date.parse('2026-11-24T09:00:00Z');

/** Histories of two absences and two plages, with several bodies in one second. */
export const calendarHistory: fc.Arbitrary<readonly Sent[]> = fc
  .array(fc.tuple(act, fc.nat(2)), { minLength: 2, maxLength: 12 })
  .map(play)
  .filter((sent) => sent.length > 1);

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function play(acts: readonly (readonly [Act, number])[]): readonly Sent[] {
  const states = new Map<number, object>();
  const destroyed = new Set<number>();
  const sent = new Map<string, Sent>();
  let second = 0;
  for (const [one, pause] of acts) {
    second += pause;
    if (destroyed.has(one.id)) continue;
    const isNew = !states.has(one.id);
    const state = { ...states.get(one.id), ...(one.kind === 'change' ? one.change : {}) };
    states.set(one.id, state);
    if (one.kind === 'change') send(one.id, isNew ? 'created' : 'updated', state, null);
    else {
      destroyed.add(one.id);
      send(one.id, 'destroyed', state, one.rgpd ? 'rgpd' : null);
    }
  }
  return [...sent.values()];

  function send(record: number, event: Event, state: object, reason: 'rgpd' | null): void {
    const isAbsence = ABSENCES.some((absence) => absence === record);
    const { lieu: _, motifs: __, ...times } = state as Record<string, unknown>;
    const agent = makeAgent({ id: 5 });
    const data = isAbsence
      ? makeAbsence({ agent, ...times, id: record })
      : makePlageOuverture({ agent, ...state, id: record });
    const at = new Date(START + second * 1000).toISOString();
    const model = isAbsence ? 'Absence' : 'PlageOuverture';
    const body = senderJson(makeNotification({ model, event, data, at, reason }));
    if (sent.has(body)) return;
    const shown = `${second}s ${model} ${record} ${event}${reason ?? ''} ${JSON.stringify(state)}`;
    const receivedAt = START + 60_000 + sent.size;
    sent.set(body, { body, second, receivedAt, final: event === 'destroyed', [fc.toStringMethod]: () => shown });
  }
}
