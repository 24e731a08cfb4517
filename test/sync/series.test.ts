import { describe, expect, test } from 'vitest';
import { parseRecurrence, type RecurrenceRule } from '../../src/rdv-solidarites/recurrence.ts';
import { windowAt } from '../../src/sync/calendar/calendar-window.ts';
import { occurrencesOf } from '../../src/sync/calendar/occurrences.ts';
import type { Guid, LinkName } from '../../src/sync/model/link-names.ts';
import { decodeSeries, encodeSeries, type Timing } from '../../src/sync/model/series.ts';
import { policyOf } from './memory-dynamics.ts';

const ALWAYS = { from: '2000-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
const rule = (text: string): RecurrenceRule | null => parseRecurrence(text) ?? null;
const timing = (changed: Partial<Timing>): Timing => ({
  firstDay: '2026-10-20',
  startTime: '09:00:00',
  lastDay: changed.firstDay ?? '2026-10-20',
  endTime: '12:00:00',
  rule: rule('FREQ=WEEKLY;COUNT=3'),
  zone: 'Europe/Paris',
  ...changed,
});
const intervals = (changed: Partial<Timing>, span = ALWAYS) =>
  [...occurrencesOf('plage-9' as LinkName, timing(changed), span).values()].map(({ start, end }) => `${start}/${end}`);

describe('occurrences', () => {
  test('keep the wall clock when the season changes', () => {
    expect(intervals({})).toEqual([
      '2026-10-20T07:00:00Z/2026-10-20T10:00:00Z',
      '2026-10-27T08:00:00Z/2026-10-27T11:00:00Z',
      '2026-11-03T08:00:00Z/2026-11-03T11:00:00Z',
    ]);
  });

  test('keep their length when the clock changes within them', () => {
    const night = { firstDay: '2026-10-24', startTime: '23:00:00', lastDay: '2026-10-25', endTime: '07:00:00' };
    expect(intervals({ ...night, rule: null })).toEqual(['2026-10-24T21:00:00Z/2026-10-25T06:00:00Z']);
  });

  test('that begin at an hour that the clock skips, or has twice, begin once', () => {
    const early = { startTime: '02:30:00', endTime: '04:00:00', rule: rule('FREQ=DAILY;COUNT=2') };
    expect(intervals({ ...early, firstDay: '2027-03-27' })).toEqual([
      '2027-03-27T01:30:00Z/2027-03-27T03:00:00Z',
      '2027-03-28T01:30:00Z/2027-03-28T03:00:00Z',
    ]);
    expect(intervals({ ...early, firstDay: '2026-10-25', rule: null })[0]).toMatch(/^2026-10-25T00:30:00Z/);
  });

  test('that the clock swallows whole keep their length by the wall clock', () => {
    const swallowed = { firstDay: '2027-03-28', startTime: '02:30:00', endTime: '03:00:00', rule: null };
    expect(intervals(swallowed)).toEqual(['2027-03-28T01:30:00Z/2027-03-28T02:00:00Z']);
  });

  test('are those that end after the beginning of the span and begin before its end', () => {
    expect(intervals({}, { from: '2026-10-20T10:00:00Z', to: '2026-11-03T08:00:00Z' })).toHaveLength(1);
    expect(intervals({}, { from: '2026-10-20T09:59:59Z', to: '2026-11-03T08:00:01Z' })).toHaveLength(3);
  });

  test('are the next one where none is in the span, if there is one', () => {
    expect(intervals({}, { from: '2026-09-01T00:00:00Z', to: '2026-10-01T00:00:00Z' })).toEqual([
      '2026-10-20T07:00:00Z/2026-10-20T10:00:00Z',
    ]);
    expect(intervals({}, { from: '2026-11-03T11:00:00Z', to: '2026-12-01T00:00:00Z' })).toEqual([]);
  });

  test('of a series that began long ago are found at once', () => {
    const old = { firstDay: '1990-01-01', rule: rule('FREQ=DAILY') };
    const begin = performance.now();
    expect(intervals(old, { from: '2026-10-20T00:00:00Z', to: '2026-10-21T00:00:00Z' })).toHaveLength(1);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

describe('the window', () => {
  const policy = policyOf({ CALENDAR_WEEKS_PAST: '1', CALENDAR_WEEKS_AHEAD: '20' });

  test('is made of weeks of Paris, and is the same from Monday to Sunday', () => {
    const monday = windowAt(Date.parse('2026-11-22T23:00:00Z'), policy);
    expect(monday).toEqual({
      from: '2026-11-15T23:00:00Z',
      to: '2027-04-18T22:00:00Z',
      nextTurn: '2026-11-29T23:00:00Z',
    });
    expect(windowAt(Date.parse('2026-11-29T22:59:59Z'), policy)).toEqual(monday);
    expect(windowAt(Date.parse('2026-11-29T23:00:00Z'), policy).from).toBe('2026-11-22T23:00:00Z');
  });
});

describe('what a link remembers', () => {
  const series = {
    timing: timing({}),
    agent: 5,
    owner: { table: 'team' as const, id: '00000000-0000-4000-9000-0000000000aa' as Guid },
    written: ALWAYS,
  };

  test('comes back as it was written', () => {
    expect(decodeSeries(encodeSeries(series))).toEqual(series);
  });

  test.each([
    ['a zone', 'Europe/Paris', 'Europe/Pris'],
    ['a rule', 'FREQ=WEEKLY', 'FREQ=NEVER'],
    ['a day', '2026-10-20', '2026-10-32'],
    ['an hour', '09:00:00', '9 h'],
    ['an owner', '00000000-0000-4000-9000-0000000000aa', 'personne'],
    ['a window', '2099-01-01T00:00:00Z', 'toujours'],
  ])('is nothing where %s was spoilt by hand', (_, text, spoilt) => {
    expect(decodeSeries(encodeSeries(series).replaceAll(text, spoilt))).toBeNull();
  });

  test.each([null, '', '{', '[]', '{"timing":{}}'])('is nothing where it says %j', (text) => {
    expect(decodeSeries(text)).toBeNull();
  });
});
