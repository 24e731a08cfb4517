// Absences and plages d'ouverture in time: what a link remembers of one, and the occurrences that follow from it.
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { parseRecurrence, type RecurrenceRule, startsOf } from '../rdv-solidarites/recurrence.ts';
import { parseDate, parseInstant, parseZone, toInstant } from '../rdv-solidarites/times.ts';
import { type Guid, type LinkName, occurrenceId } from './links.ts';
import type { Reference } from './rows.ts';

/** Wall-clock times, the zone whose clock it is, and how they recur: null for something that happens once. */
export interface Timing {
  readonly firstDay: string;
  readonly startTime: string;
  /** The day on which the first occurrence ends. */
  readonly lastDay: string;
  readonly endTime: string;
  readonly rule: RecurrenceRule | null;
  readonly zone: string;
}

/** Instants as `2026-01-05T00:00:00Z`: text order is time order. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * What a link remembers, in `rdvs_series`, so that the window can move on without a notification. No texts: whoever may
 * read links need not see what an absence is about. They are taken from the occurrences there are.
 */
export interface Series {
  readonly timing: Timing;
  /** The sender's id of the agent. */
  readonly agent: number;
  /** Whom the occurrences were given to; null for the connector itself. */
  readonly owner: Reference | null;
  /** The window of which occurrences were written. */
  readonly written: Span;
}

const readable = (reads: (text: string) => unknown) => z.string().refine((text) => reads(text) !== undefined);
const day = readable(parseDate);
const time = z.iso.time({ precision: 0 });
const instant = readable(parseInstant);
const stored = z.object({
  timing: z.object({
    firstDay: day,
    startTime: time,
    lastDay: day,
    endTime: time,
    rule: readable(parseRecurrence).nullable(),
    zone: readable(parseZone),
  }),
  agent: z.int(),
  owner: z.object({ table: z.enum(['systemuser', 'team']), id: z.guid() }).nullable(),
  written: z.object({ from: instant, to: instant }),
});

/** Reads `rdvs_series`. A text that is not ours counts as nothing remembered. */
export function decodeSeries(text: string | null): Series | null {
  try {
    return text === null ? null : (stored.parse(JSON.parse(text)) as Series);
  } catch {
    return null;
  }
}

/** Writes `rdvs_series`. */
export const encodeSeries = (series: Series): string => JSON.stringify(series);

/** One time that an absence or a plage takes place. */
export interface Occurrence {
  readonly id: Guid;
  readonly start: string;
  readonly end: string;
}

/**
 * The occurrences to be shown of a span, by the id of their appointment: those that end after its beginning and begin
 * before its end; if there is none, the next one. Something that happens once is always shown. The wall clock says when
 * one begins; each lasts as long as the first, to the second, as the sender (app/models/concerns/recurrence_concern.rb)
 * and RFC 5545 (3.8.5.3) have it.
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

/** The moments at which a series begins, from a day before an instant on: none of those before can end after it. */
function momentsOf({ rule, zone, firstDay, startTime }: Timing, instant: string): Iterable<Temporal.PlainDateTime> {
  const first = Temporal.PlainDateTime.from(`${firstDay}T${startTime}`);
  if (rule === null) return [first];
  const from = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().subtract({ days: 2 });
  return startsOf(rule, { first, zone, from });
}

/** In seconds. Where a clock change swallows the first occurrence, the wall clock tells its length. */
function lengthOf({ firstDay, startTime, lastDay, endTime, zone }: Timing): number {
  const first = Temporal.PlainDateTime.from(`${firstDay}T${startTime}`);
  const last = Temporal.PlainDateTime.from(`${lastDay}T${endTime}`);
  const exact = Temporal.Instant.from(toInstant(first, zone)).until(toInstant(last, zone)).total('seconds');
  return exact >= 0 ? exact : first.until(last).total('seconds');
}
