// Which recurrences are read, which are refused, and when they begin.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { parseRecurrence, startsOf } from '../../src/rdv-solidarites/recurrence.ts';
import { parseZone } from '../../src/rdv-solidarites/times.ts';

const FIRST = '2026-12-01T09:00:00';

/** The first starts of a series, as `12-01T09:00`. */
function starts(rrule: string, most = 4): string[] {
  const rule = parseRecurrence(rrule);
  if (rule === undefined) return ['refused'];
  return take(startsOf(rule, { first: Temporal.PlainDateTime.from(FIRST), zone: 'Europe/Paris' }), most).map((start) =>
    start.slice(5, 16),
  );
}

function take(moments: Iterable<Temporal.PlainDateTime>, most: number): string[] {
  const taken: string[] = [];
  for (const moment of moments) {
    if (taken.push(moment.toString()) === most) break;
  }
  return taken;
}

describe('a recurrence is read', () => {
  test.each([
    [
      'weekly, with the semicolon that the sender leaves',
      'FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;',
      ['12-01T09:00', '12-08T09:00', '12-15T09:00'],
    ],
    ['on several days', 'FREQ=WEEKLY;BYDAY=TU,FR', ['12-01T09:00', '12-04T09:00', '12-08T09:00']],
    [
      'every other week, on days before and after the first',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE',
      ['12-02T09:00', '12-14T09:00', '12-16T09:00'],
    ],
    ['on the first Monday of the month', 'FREQ=MONTHLY;BYDAY=1MO', ['12-07T09:00', '01-04T09:00', '02-01T09:00']],
    ['on the last Friday of the month', 'FREQ=MONTHLY;BYDAY=-1FR', ['12-25T09:00', '01-29T09:00', '02-26T09:00']],
    ['a number of times', 'FREQ=DAILY;COUNT=2', ['12-01T09:00', '12-02T09:00']],
    [
      'in small letters, and with its name',
      'rrule:freq=weekly;byday=tu',
      ['12-01T09:00', '12-08T09:00', '12-15T09:00'],
    ],
  ])('%s', (_, rrule, expected) => {
    expect(starts(rrule, 3)).toEqual(expected);
  });

  test.each([
    ['local, the sender’s own', '20261208T090000', ['12-01T09:00', '12-08T09:00']],
    ['local, at midnight, before the hour of the series', '20261208T000000', ['12-01T09:00']],
    ['in UTC', '20261208T080000Z', ['12-01T09:00', '12-08T09:00']],
    ['in UTC, a second too early', '20261208T075959Z', ['12-01T09:00']],
    ['a date alone, which includes its day', '20261208', ['12-01T09:00', '12-08T09:00']],
    ['before the first day', '20261130T000000', []],
    [
      'beyond the years that a text can say',
      '99991231T235959Z',
      ['12-01T09:00', '12-08T09:00', '12-15T09:00', '12-22T09:00'],
    ],
  ])('with an end: %s', (_, until, expected) => {
    expect(starts(`FREQ=WEEKLY;UNTIL=${until};`)).toEqual(expected);
  });
});

describe('a recurrence is refused', () => {
  test.each([
    '',
    ';',
    'BYDAY=MO',
    'FREQ=HOURLY',
    'FREQ=YEARLY',
    'FREQ=WEEKLY;FREQ=DAILY',
    'FREQ=WEEKLY;INTERVAL=0',
    'FREQ=WEEKLY;INTERVAL=-1',
    'FREQ=WEEKLY;INTERVAL=100',
    'FREQ=WEEKLY;BYDAY=',
    'FREQ=WEEKLY;BYDAY=XX',
    'FREQ=WEEKLY;BYDAY=1MO',
    'FREQ=MONTHLY;BYDAY=6MO',
    'FREQ=MONTHLY;BYDAY=5FR,5TH',
    'FREQ=MONTHLY;INTERVAL=48;BYDAY=5MO',
    'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
    'FREQ=WEEKLY;BYSETPOS=1',
    'FREQ=WEEKLY;UNTIL=20261399T000000',
    'FREQ=WEEKLY;UNTIL=20260230',
    'FREQ=WEEKLY;UNTIL=demain',
    'FREQ=WEEKLY;CONSTRUCTOR=1',
    'FREQ=WEEKLY=DAILY',
  ])('%j', (rrule) => {
    expect(parseRecurrence(rrule)).toBeUndefined();
  });

  test('or can be followed for years, whatever the sender writes', () => {
    const part = (name: string, values: fc.Arbitrary<string>) =>
      fc.option(
        values.map((value) => `${name}=${value};`),
        { nil: '' },
      );
    const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
    const byDay = fc.array(
      fc.tuple(fc.constantFrom('', '1', '5', '-1', '-5'), weekday).map((one) => one.join('')),
      { minLength: 1, maxLength: 4 },
    );
    const rrule = fc
      .tuple(
        fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY').map((freq) => `FREQ=${freq};`),
        part('INTERVAL', fc.integer({ min: 1, max: 99 }).map(String)),
        part(
          'BYDAY',
          byDay.map((days) => days.join(',')),
        ),
        part('WKST', weekday),
      )
      .map((parts) => parts.join(''));
    const first = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(rrule, first, (text, date) => {
        const rule = parseRecurrence(text);
        if (rule === undefined) return;
        const from = Temporal.PlainDateTime.from(date.toISOString().slice(0, 19));
        const days = take(startsOf(rule, { first: from, zone: 'Europe/Paris' }), 5);
        expect(days).toHaveLength(5);
        expect(days.toSorted()).toEqual(days);
        expect(new Set(days.map((day) => day.slice(0, 10))).size).toBe(5);
      }),
      { numRuns: 300 },
    );
  });
});

test('a zone is known by its name', () => {
  expect(['Europe/Paris', 'Indian/Reunion', 'Mars/Olympus', ''].map(parseZone)).toEqual([
    'Europe/Paris',
    'Indian/Reunion',
    undefined,
    undefined,
  ]);
});
