// Every form of date and time that the sender has used.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDate, parseInstant, parseZone, toSeconds } from '../../src/rdv-solidarites/times.ts';

describe('instants of the sender', () => {
  test.each([
    ['2022-10-06 15:53:57 +0200', '2022-10-06T13:53:57.000000Z'],
    ['2022-10-06 13:53:57 UTC', '2022-10-06T13:53:57.000000Z'],
    ['2026-09-01T10:11:12.123456+02:00', '2026-09-01T08:11:12.123456Z'],
    ['2026-09-01T10:11:12Z', '2026-09-01T10:11:12.000000Z'],
    ['2026-09-01T10:11:12.5+0200', '2026-09-01T08:11:12.500000Z'],
    ['2025-03-30 03:30:00 +0200', '2025-03-30T01:30:00.000000Z'],
    ['2025-10-26 02:30:00 +0200', '2025-10-26T00:30:00.000000Z'],
    ['2025-10-26 02:30:00 +0100', '2025-10-26T01:30:00.000000Z'],
    ['2026-02-01 09:00:00 -0400', '2026-02-01T13:00:00.000000Z'],
  ])('reads %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

  test.each([
    '',
    'hier',
    '2026-09-01 10:11:12',
    '2026-02-30 10:00:00 +0100',
    '1066-10-14 09:00:00 UTC',
    '2026-09-01',
  ])('refuses %j: no exact moment', (text) => expect(parseInstant(text)).toBeUndefined());

  test.each([
    ['blanks within', `2026-09-01 10:11:12${' '.repeat(200_000)}+0200x`],
    ['blanks behind', `2026-09-01 10:11:12 UTC${' '.repeat(200_000)}`],
    ['digits', `2026-09-01T10:11:12.${'1'.repeat(200_000)}Z`],
  ])('refuses a long text of %s at once', (_, text) => {
    const startedAt = performance.now();
    expect([parseInstant(text), parseDate(text), parseZone(text)]).toEqual([undefined, undefined, undefined]);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });

  test('orders as text what is ordered in time, in whatever zone it was written', () => {
    const moments = fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    const offsets = fc.constantFrom('+0000', '+0200', '-0400', '+11:00');
    const written = (moment: Date, offset: string) => {
      const minutes = Number(offset.slice(0, 3)) * 60;
      const local = new Date(Math.floor(moment.getTime() / 1000) * 1000 + minutes * 60_000);
      return `${local.toISOString().slice(0, 19).replace('T', ' ')} ${offset}`;
    };
    fc.assert(
      fc.property(moments, moments, offsets, offsets, (a, b, offsetA, offsetB) => {
        const [first, second] = [parseInstant(written(a, offsetA)), parseInstant(written(b, offsetB))];
        const seconds = [a, b].map((moment) => Math.floor(moment.getTime() / 1000));
        expect(Math.sign(Number(seconds[0]) - Number(seconds[1]))).toBe(
          (first ?? '') < (second ?? '') ? -1 : first === second ? 0 : 1,
        );
      }),
    );
  });

  test('gives Dataverse its precision', () => {
    const instant = parseInstant('2026-09-01T10:11:12.999999Z');
    expect(instant && toSeconds(instant)).toBe('2026-09-01T10:11:12Z');
  });

  test('reads calendar dates, and only real ones', () => {
    expect(parseDate('2024-02-29')).toBe('2024-02-29');
    expect([parseDate('2023-02-29'), parseDate('29/02/2024'), parseDate('[valeur unique anonymisée 1]')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
