// An independent reading of the sender's `ical`: its occurrences, by another library than the connector's.
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

/** Start and end of an occurrence, `2026-12-01T08:00:00Z/2026-12-01T11:00:00Z`. */
export type Interval = string;

/** The occurrences that end after `from` and begin before `to`, in order; if there is none, the next one. */
export function expand(ical: string, { from, to }: { from: string; to: string }): Interval[] {
  const [, zone = '', start = ''] = /^DTSTART;TZID=([^:]+):(\w+)/m.exec(vevent(ical)) ?? [];
  const [, , end = ''] = /^DTEND;TZID=([^:]+):(\w+)/m.exec(vevent(ical)) ?? [];
  const [, rule] = /^RRULE:(.*)/m.exec(vevent(ical)) ?? [];
  const first = zoned(start, zone);
  const length = first.until(zoned(end, zone));
  const starts = rule === undefined ? [first] : recur(rule, first, to);
  const all = starts.map((moment) => [text(moment), text(moment.add({ seconds: length.total('seconds') }))] as const);
  const within = all.filter(([begin, finish]) => rule === undefined || (finish > from && begin < to));
  const next = all.filter(([begin]) => begin >= to).slice(0, 1);
  return (within.length > 0 ? within : next).map(([begin, finish]) => `${begin}/${finish}`);
}

/** All until a moment, and the next one. RFC 5545 wants the end of a rule in UTC; the sender writes it in local time, and leaves a semicolon behind. */
function recur(rule: string, first: Temporal.ZonedDateTime, to: string): Temporal.ZonedDateTime[] {
  const inUtc = rule
    .trim()
    .replace(/;$/, '')
    .replace(
      /UNTIL=(\w+)/,
      (_, until: string) => `UNTIL=${text(zoned(until, first.timeZoneId)).replaceAll(/[-:]/g, '')}`,
    );
  const starts = new RRuleTemporal({ rruleString: inUtc, dtstart: first });
  // However far the next one is: a fifth Friday, every sixth month, may be years away.
  const next = starts.next(new Date(to), true);
  const found = [...starts.between(new Date(0), new Date(to), false), ...(next === null ? [] : [next])];
  return found.map((one) => Temporal.ZonedDateTime.from(one.toString()));
}

const vevent = (ical: string) => ical.slice(ical.indexOf('BEGIN:VEVENT'));
const zoned = (local: string, zone: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone);
const text = (moment: Temporal.ZonedDateTime) => moment.toInstant().toString({ smallestUnit: 'second' });
