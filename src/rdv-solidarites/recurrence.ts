// Recurrences of absences and plages d'ouverture: the sender's rule, and the moments at which it begins anew.
import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { attempt } from './times.ts';

/** A rule that was read and understood, without the sender's final semicolon: `FREQ=WEEKLY;INTERVAL=1;BYDAY=MO`. */
export type RecurrenceRule = string & { readonly __brand: 'RecurrenceRule' };

// The sender writes FREQ, INTERVAL, BYDAY and UNTIL (app/services/ical_formatters/rrule.rb). A part that is not known here
// would be left out by the library, and the days would be wrong.
const PARTS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY)$/,
  INTERVAL: /^[1-9]\d?$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** With a longer interval, the rule could always fall on the same month. */
const MONTHS = 12;

/**
 * A rule with every known part once and every weekday is shorter. Longer texts are refused before any pattern reads
 * them.
 */
const LONGEST = 500;

/**
 * Reads a rule (RFC 5545, 3.3.10), with or without `RRULE:` and a final semicolon.
 *
 * @returns `undefined` for a rule that is malformed, has a part that the connector does not know, or may never happen
 */
export function parseRecurrence(text: string): RecurrenceRule | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = text
    .trim()
    .replace(/^RRULE:/i, '')
    .split(';')
    .filter((part) => part !== '')
    .map((part) => part.toUpperCase().split('='));
  const names = parts.map(([name]) => name);
  const understood = parts.every(([name = '', value = '', ...rest]) => rest.length === 0 && PARTS[name]?.test(value));
  if (!understood || !names.includes('FREQ') || new Set(names).size < names.length) return undefined;
  const { FREQ, INTERVAL, BYDAY, UNTIL } = Object.fromEntries(parts) as Record<string, string | undefined>;
  // Rules that may never happen again, such as every seventh day if it is another weekday, or the fifth Monday of each
  // fourth February: the library would look for their next day for ever.
  if (FREQ === 'DAILY' && BYDAY !== undefined) return undefined;
  if (FREQ === 'MONTHLY' && Number(INTERVAL ?? 1) > MONTHS) return undefined;
  // The library fails on some months for several days; the sender writes one (by_month_day in rrule.rb).
  if (FREQ === 'MONTHLY' && BYDAY?.includes(',')) return undefined;
  // "The first Monday" means nothing within a day or a week (RFC 5545, BYDAY).
  if (FREQ !== 'MONTHLY' && /\d/.test(BYDAY ?? '')) return undefined;
  if (UNTIL !== undefined && attempt(() => readUntil(UNTIL, 'UTC')) === undefined) return undefined;
  return parts.map((part) => part.join('=')).join(';') as RecurrenceRule;
}

/**
 * The wall-clock moments at which a series begins, in order. `first` is one of them only when the rule says so. Endless
 * for a rule without an end.
 *
 * @param zone the time zone of the wall clock, for rules whose UNTIL is given in UTC
 * @param from moments before it are left out
 */
export function* startsOf(
  rule: RecurrenceRule,
  { first, zone, from = first }: { first: Temporal.PlainDateTime; zone: string; from?: Temporal.PlainDateTime },
): Generator<Temporal.PlainDateTime> {
  // The library compares wall-clock times.
  const local = rule.replace(/UNTIL=([^;]+)/, (_, until: string) => `UNTIL=${compact(readUntil(until, zone))}`);
  const starts = ICAL.Recur.fromString(local).iterator(ICAL.Time.fromDateTimeString(textOf(first)));
  // Compared as texts: a series may have begun years ago, and a moment is costly to make.
  const earliest = textOf(from);
  for (let next = starts.next(); next; next = starts.next()) {
    const text = next.toString();
    if (text >= earliest) yield Temporal.PlainDateTime.from(text);
  }
}

// The last moment that a year of four digits can express.
const FOREVER = Temporal.PlainDateTime.from('9999-12-31T23:59:59');

/** The last wall-clock moment of a series. The sender's own are local; a date alone includes its day. */
function readUntil(until: string, zone: string): Temporal.PlainDateTime {
  const moment = until.endsWith('Z')
    ? Temporal.Instant.from(until).toZonedDateTimeISO(zone).toPlainDateTime()
    : Temporal.PlainDateTime.from(until, { overflow: 'reject' });
  const last = until.includes('T') ? moment : moment.with({ hour: 23, minute: 59, second: 59 });
  return Temporal.PlainDateTime.compare(last, FOREVER) > 0 ? FOREVER : last;
}

const textOf = (moment: Temporal.PlainDateTime) => moment.toString({ smallestUnit: 'second' });
const compact = (moment: Temporal.PlainDateTime) => textOf(moment).replaceAll(/[-:]/g, '');
