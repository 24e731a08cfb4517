// Days and times as they are told in Paris.

import { Temporal } from 'temporal-polyfill';

const ZONE = 'Europe/Paris';

function inParis(options: Intl.DateTimeFormatOptions): (instant: string | Date) => string {
  const formatter = new Intl.DateTimeFormat('fr-FR', { timeZone: ZONE, ...options });
  return (instant) => formatter.format(new Date(instant));
}

/** `jeu. 3 déc. 2026`. */
export const shortDate = inParis({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
/** `jeudi 3 décembre 2026`. */
export const longDate = inParis({ dateStyle: 'full' });
/** `3 décembre 2026`. */
export const dayAndYear = inParis({ dateStyle: 'long' });
/** `jeudi 3`. */
export const weekday = inParis({ weekday: 'long', day: 'numeric' });
/** `03/12/2026 09:30`. */
export const dateAndTime = inParis({ dateStyle: 'short', timeStyle: 'short' });
const time = inParis({ timeStyle: 'short' });

/** `09:30 – 10:00`, with the days when they differ. */
export function span(start: string | undefined, end: string | undefined): string {
  if (start === undefined) return 'Sans date';
  if (end === undefined) return time(start);
  if (dayOf(start).equals(dayOf(end))) return `${time(start)} – ${time(end)}`;
  return `${dateAndTime(start)} – ${dateAndTime(end)}`;
}

const plainDate = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', dateStyle: 'short' });

/** A date without time, `1985-04-12`, as `12/04/1985`. */
export function birthday(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.valueOf()) ? value : plainDate.format(date);
}

/** A calendar day in Paris. */
export type Day = Temporal.PlainDate;

/** The hour and day that clocks show. */
export function momentOf(instant: string | Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(new Date(instant).valueOf()).toZonedDateTimeISO(ZONE);
}

export function dayOf(instant: string | Date): Day {
  return momentOf(instant).toPlainDate();
}

/** Its first instant. */
export function startOf(day: Day): Date {
  return new Date(day.toZonedDateTime(ZONE).epochMilliseconds);
}

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return day.subtract({ days: day.dayOfWeek - 1 });
}

/** Reads `2026-12-03`; undefined for anything that is no day of these centuries. */
export function parseDay(text: string | null): Day | undefined {
  if (text === null || !/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}
