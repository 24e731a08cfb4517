// Dates of the sender, read to exact instants.
import { Temporal } from 'temporal-polyfill';

/** An instant as fixed-width UTC text with microseconds, `2026-01-02T03:04:05.123456Z`: text order is time order. */
export type UtcInstant = string & { readonly __brand: 'UtcInstant' };

/** A calendar date, `2026-01-02`. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

// Dataverse stores no date before 1753 (Microsoft Learn: "Behavior and format of the date and time column").
const FIRST_YEAR = 1753;
const LAST_YEAR = 9999;

/**
 * No valid date, time or zone is longer. Longer texts are refused before a pattern reads them: on a run of blanks, a
 * pattern that looks for the end of a text takes time by the square of the length.
 */
const LONGEST = 64;

/**
 * Reads every form of instant the sender has used: Ruby's `2022-10-06 15:53:57 +0200`, its `… UTC` twin,
 * ISO 8601 with `Z`, `+02:00` or `+0200`, with or without fractions of a second.
 *
 * @returns `undefined` when the text has no offset, names no real moment, or lies outside 1753–9999
 */
export function parseInstant(text: string): UtcInstant | undefined {
  if (text.length > LONGEST) return undefined;
  const iso = text
    .trim()
    .replace(/\s+UTC$/i, 'Z')
    .replace(/\s+(?=(?:Z|[+-]\d{2}:?\d{2})$)/i, '');
  const instant = attempt(() => Temporal.Instant.from(iso));
  if (instant === undefined) return undefined;
  const { epochMilliseconds, epochNanoseconds } = instant;
  const date = new Date(epochMilliseconds);
  const year = date.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  // Uses Date: zoned times of the polyfill take several times as long, and a body can hold thousands of instants.
  const microseconds = (epochNanoseconds - BigInt(epochMilliseconds) * 1_000_000n) / 1_000n;
  return `${date.toISOString().slice(0, -1)}${String(microseconds).padStart(3, '0')}Z` as UtcInstant;
}

/** The instant of a moment in ms since 1970. */
export function toUtcInstant(milliseconds: number): UtcInstant {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000Z` as UtcInstant;
}

/** Reads a calendar date, `2021-05-08`. */
export function parseDate(text: string): CalendarDate | undefined {
  if (text.length > LONGEST || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = attempt(() => Temporal.PlainDate.from(text, { overflow: 'reject' }));
  if (date === undefined || date.year < FIRST_YEAR) return undefined;
  return date.toString() as CalendarDate;
}

/** The same instant to the second, `2026-01-02T03:04:05Z`: the precision that Dataverse keeps. */
export function toSeconds(instant: UtcInstant): string {
  return `${instant.slice(0, 19)}Z`;
}

/** The sender's time zone, unless an organisation names another one. */
export const PARIS = 'Europe/Paris';

/** The time zone of that name, `Europe/Paris`, if there is one. */
export function parseZone(name: string): string | undefined {
  if (name.length > LONGEST) return undefined;
  return attempt(() => Temporal.PlainDate.from('2000-01-01').toZonedDateTime(name).timeZoneId);
}

/**
 * A moment of a wall clock as an instant. A moment that a clock change skips takes the offset before the change (RFC
 * 5545, 3.3.5).
 */
export function toInstant(moment: Temporal.PlainDateTime, zone: string): string {
  return moment
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
    .toString({ smallestUnit: 'second' });
}

/** What `read` answers, or `undefined` where it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
