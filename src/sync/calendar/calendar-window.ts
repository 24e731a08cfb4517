// The weeks of which Dynamics shows the occurrences of recurring absences and plages d'ouverture.
import { Temporal } from 'temporal-polyfill';
import { PARIS, toInstant } from '../../rdv-solidarites/times.ts';
import type { Policy } from '../model/policy.ts';

/** Instants as `2026-01-05T00:00:00Z`: text order is time order. */
export interface CalendarWindow {
  readonly from: string;
  readonly to: string;
  /** When the window moves on. */
  readonly nextTurn: string;
}

/**
 * The window at a moment: whole weeks that begin on Monday in Paris, so that the window is the same all week long.
 *
 * @param now ms since 1970
 */
export function windowAt(now: number, { calendarWeeksPast, calendarWeeksAhead }: Policy): CalendarWindow {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(PARIS).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const instant = (weeks: number) => toInstant(monday.add({ weeks }).toPlainDateTime(), PARIS);
  return { from: instant(-calendarWeeksPast), to: instant(1 + calendarWeeksAhead), nextTurn: instant(1) };
}
