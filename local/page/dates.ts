// Days and times as they are told in Paris.

import { Temporal } from 'temporal-polyfill';
import { locale, type Reader } from './reader.ts';

const ZONE = 'Europe/Paris';

function inParis(options: Intl.DateTimeFormatOptions): (instant: string | Date) => string {
  const french = new Intl.DateTimeFormat('fr-FR', { timeZone: ZONE, ...options });
  return (instant) => french.format(new Date(instant));
}

/** `jeudi 3 décembre 2026`. */
export const longDate = inParis({ dateStyle: 'full' });
const time = inParis({ timeStyle: 'short' });
const short = inParis({ dateStyle: 'short', timeStyle: 'short' });

/** `09:30 – 10:00`, with the days when they differ. */
export function span(start: string | undefined, end: string | undefined): string {
  if (start === undefined) return 'Sans date';
  if (end === undefined) return time(start);
  if (periodOf(start, 'day').equals(periodOf(end, 'day'))) return `${time(start)} – ${time(end)}`;
  return `${short(start)} – ${short(end)}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A formatter costs more than all that it formats for a row. */
function formatter(reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale(reader)} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale(reader), options);
  formatters.set(key, known);
  return known;
}

/** `03/12/2026 09:30`. */
export const dateAndTime = (reader: Reader, instant: string): string =>
  formatter(reader, { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));

/** A date without time, `1985-04-12`, as `12/04/1985`. */
export function plainDate(reader: Reader, value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.valueOf()) ? value : formatter(reader, { timeZone: 'UTC', dateStyle: 'short' }).format(date);
}

const momentOf = (instant: string) =>
  Temporal.Instant.fromEpochMilliseconds(Date.parse(instant)).toZonedDateTimeISO(ZONE);

/** What a chart groups instants by. */
export type Period = 'day' | 'week' | 'month' | 'year';

/** The first day of the period that an instant lies in, in Paris. */
export function periodOf(instant: string, by: Period): Temporal.PlainDate {
  const day = momentOf(instant).toPlainDate();
  if (by === 'week') return day.subtract({ days: day.dayOfWeek - 1 });
  if (by === 'month') return day.with({ day: 1 });
  return by === 'year' ? day.with({ day: 1, month: 1 }) : day;
}

const PERIODS: Readonly<Record<Period, Intl.DateTimeFormatOptions>> = {
  day: { dateStyle: 'short' },
  week: { dateStyle: 'short' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
};

export const periodName = (reader: Reader, firstDay: Temporal.PlainDate, by: Period): string =>
  formatter(reader, { timeZone: 'UTC', ...PERIODS[by] }).format(new Date(firstDay.toString()));

/** `2026-12-03T09:30` in Paris, as a field for dates and times takes it. */
export const toField = (instant: string): string =>
  momentOf(instant).toPlainDateTime().toString({ smallestUnit: 'minute' });

/** The instant of such a text; undefined for a text that is none. */
export function fromField(text: string): string | undefined {
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant().toString();
  } catch {
    return undefined;
  }
}
