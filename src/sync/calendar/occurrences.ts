// The occurrences that follow from the timing of an absence or a plage d'ouverture.
import { Temporal } from 'temporal-polyfill';
import { startsOf } from '../../rdv-solidarites/recurrence.ts';
import { toInstant } from '../../rdv-solidarites/times.ts';
import type { Guid, LinkName } from '../model/link-names.ts';
import type { Span, Timing } from '../model/series.ts';
import { occurrenceId } from './calendar-names.ts';

/** One occurrence of an absence or a plage. */
export interface Occurrence {
  readonly id: Guid;
  readonly start: string;
  readonly end: string;
}

/**
 * The occurrences that Dynamics shows for a span of time, by the id of their appointment: those that overlap the span or,
 * if there is none, the next one. A record without recurrence is always shown. Occurrences begin by the wall clock; each
 * lasts exactly as long as the first (the sender's app/models/concerns/recurrence_concern.rb; RFC 5545, 3.8.5.3).
 */
export function occurrencesOf(name: LinkName, timing: Timing, { from, to }: Span): ReadonlyMap<Guid, Occurrence> {
  const seconds = lengthOf(timing);
  const shown = new Map<Guid, Occurrence>();
  for (const moment of momentsOf(timing, from)) {
    const start = toInstant(moment, timing.zone);
    const end = Temporal.Instant.from(start).add({ seconds }).toString({ smallestUnit: 'second' });
    if (start >= to && shown.size > 0) break;
    const id = timing.rule === null ? occurrenceId(name) : occurrenceId(name, moment.toPlainDate().toString());
    if (timing.rule === null || end > from) shown.set(id, { id, start, end });
    if (start >= to) break;
  }
  return shown;
}

/** The starts of a series, from two days before an instant on: no earlier occurrence can end after that instant. */
function momentsOf({ rule, zone, firstDay, startTime }: Timing, instant: string): Iterable<Temporal.PlainDateTime> {
  const first = Temporal.PlainDateTime.from(`${firstDay}T${startTime}`);
  if (rule === null) return [first];
  const from = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().subtract({ days: 2 });
  return startsOf(rule, { first, zone, from });
}

/** The length of an occurrence, in seconds. When a clock change swallows the first one, the wall clock gives it. */
function lengthOf({ firstDay, startTime, lastDay, endTime, zone }: Timing): number {
  const first = Temporal.PlainDateTime.from(`${firstDay}T${startTime}`);
  const last = Temporal.PlainDateTime.from(`${lastDay}T${endTime}`);
  const exact = Temporal.Instant.from(toInstant(first, zone)).until(toInstant(last, zone)).total('seconds');
  return exact >= 0 ? exact : first.until(last).total('seconds');
}
