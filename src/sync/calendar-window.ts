// The weeks of which Dynamics shows the occurrences of recurring absences and plages d'ouverture.
import { Temporal } from 'temporal-polyfill';
import type { Policy } from '../settings.ts';

/** Instants as `2026-01-05T00:00:00Z`: text order is time order. */
export interface CalendarWindow {
  readonly from: string;
  readonly to: string;
  /** When the window moves on. */
  readonly nextTurn: string;
}

/** Weeks begin on a Monday in this zone. */
const ZONE = 'Europe/Paris';

/**
 * The window at a moment: whole weeks, so that everything processed within a week sees the same one.
 *
 * @param now ms since 1970
 */
export function windowAt(now: number, { calendarWeeksPast, calendarWeeksAhead }: Policy): CalendarWindow {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(ZONE).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const instant = (weeks: number) => toInstant(monday.add({ weeks }).toPlainDateTime(), ZONE);
  return { from: instant(-calendarWeeksPast), to: instant(1 + calendarWeeksAhead), nextTurn: instant(1) };
}

/** A wall-clock moment as an instant. One that a clock change skips is read with the offset before it (RFC 5545, 3.3.5). */
export function toInstant(moment: Temporal.PlainDateTime, zone: string): string {
  return moment
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
    .toString({ smallestUnit: 'second' });
}
