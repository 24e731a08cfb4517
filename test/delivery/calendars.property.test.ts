// Recurrences on the wire: what Dynamics holds is what an independent library reads in the sender's own calendar text.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAbsence, makeNotification, makeOrganisation, makePlageOuverture, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, clear, startBench } from './bench.ts';
import { expand } from './ical.ts';

const RUNS = Number(process.env['SERIES_RUNS'] ?? 500);

/** On 1 March 2027, eight weeks back and thirty-eight ahead: both clock changes of the year are in the window. */
const WINDOW = { from: '2027-01-03T23:00:00Z', to: '2027-11-28T23:00:00Z' };

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({
    now: '2027-03-01T09:00:00Z',
    settings: { CALENDAR_WEEKS_PAST: '8', CALENDAR_WEEKS_AHEAD: '38' },
  });
});
afterAll(() => bench.stop());

const day = fc.date({ min: new Date('2026-09-01'), max: new Date('2027-11-01'), noInvalidDate: true }).map(dayOf);
const hour = (from: number, to: number) =>
  fc
    .tuple(fc.integer({ min: from, max: to }), fc.constantFrom('00', '15', '30', '45'))
    .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}:00`);
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const weekdays = fc.uniqueArray(weekday, { minLength: 1, maxLength: 3 });
const every = fc.oneof(
  fc.tuple(
    fc.constant('WEEKLY'),
    weekdays.map((days) => days.join(',')),
  ),
  fc.tuple(
    fc.constant('MONTHLY'),
    fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, -1), weekday).map((parts) => parts.join('')),
  ),
);
const rrule = fc
  .record({ every, interval: fc.integer({ min: 1, max: 6 }), until: fc.option(day) })
  .map(({ every: [freq, days], interval, until }) => {
    const end = until === null ? '' : `UNTIL=${until.replaceAll('-', '')}T000000;`;
    return `FREQ=${freq};INTERVAL=${interval};BYDAY=${days};${end}`;
  });
const series = fc.record({
  first_day: day,
  start_time: hour(7, 12),
  end_time: hour(13, 20),
  rrule: fc.option(rrule, { freq: 20 }),
  time_zone: fc.constantFrom('Europe/Paris', 'Europe/Paris', 'America/Cayenne', 'Indian/Reunion'),
  model: fc.constantFrom('Absence' as const, 'PlageOuverture' as const),
});

test(`${RUNS} series over two clock changes`, async () => {
  let occurrences = 0;
  await fc.assert(
    fc.asyncProperty(series, fc.option(series), async (first, second) => {
      clear(bench.dataverse);
      const worker = bench.colleague();
      for (const [at, one] of [first, second].flatMap((each) => each ?? []).entries()) {
        const { model, time_zone, ...timing } = { ...one, model: first.model };
        const organisation = makeOrganisation({ time_zone });
        const make = model === 'Absence' ? makeAbsence : makePlageOuverture;
        const data = make({ id: 9, organisation, ...timing });
        const input = { model, event: 'updated' as const, data, at: `2026-11-24T09:00:0${at}Z` };
        expect(await worker.requestsOf(() => worker.deliver(senderJson(makeNotification(input))))).toBe(2);
        const expected = expand(data.ical, WINDOW);
        occurrences += expected.length;
        expect(intervals()).toEqual(expected);
      }
      expect([...worker.quarantined.values()]).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect(occurrences).toBeGreaterThan(RUNS * 5);
}, 3_600_000);

function intervals(): string[] {
  const rows = bench.dataverse.rows.list('appointment');
  return rows.map((row) => `${row['scheduledstart']}/${row['scheduledend']}`).sort();
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
