// Absences and plages d'ouverture in time: what a link remembers of one, and the occurrences that follow from it.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type RecurrenceRule, startsOf } from '../rdv-solidarites/recurrence.ts';
import { toInstant } from './calendar-window.ts';
import { type Guid, type LinkName, occurrenceId } from './links.ts';
import type { Columns } from './rows.ts';

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

/** What a link remembers, in `rdvs_series`, so that the window can move on without a notification. */
export interface Series {
  readonly timing: Timing;
  /** What the sender last said of each column that all occurrences share. */
  readonly columns: Columns;
  /** The end of the window up to which occurrences were written. */
  readonly writtenTo: string;
}

const reference = z.object({ table: z.enum(['contact', 'systemuser', 'team']), id: z.string() });
const stored = z.object({
  timing: z.object({
    firstDay: z.string(),
    startTime: z.string(),
    lastDay: z.string(),
    endTime: z.string(),
    rule: z.string().nullable(),
    zone: z.string(),
  }),
  columns: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), reference])),
  writtenTo: z.string(),
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
export const encodeSeries = ({ columns, ...series }: Series): string =>
  JSON.stringify({
    ...series,
    columns: Object.fromEntries(Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1))),
  });

/** One time that an absence or a plage takes place. Instants as `2026-01-05T08:00:00Z`. */
export interface Occurrence {
  readonly id: Guid;
  readonly start: string;
  readonly end: string;
}

/** Where occurrences are wanted: those that end after `from` and begin before `to`. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * The occurrences of a series within a span, by the id of their appointment. Something that happens once is always
 * within. The wall clock says when one begins; each lasts as long as the first, to the second, as the sender
 * (app/models/concerns/recurrence_concern.rb) and RFC 5545 (3.8.5.3) have it.
 */
export function occurrencesOf(name: LinkName, timing: Timing, { from, to }: Span): ReadonlyMap<Guid, Occurrence> {
  const seconds = lengthOf(timing);
  const within: [Guid, Occurrence][] = [];
  for (const moment of momentsOf(timing)) {
    const start = toInstant(moment, timing.zone);
    if (timing.rule !== null && start >= to) break;
    const end = Temporal.Instant.from(start).add({ seconds }).toString({ smallestUnit: 'second' });
    const id = timing.rule === null ? occurrenceId(name) : occurrenceId(name, moment.toPlainDate().toString());
    if (timing.rule === null || end > from) within.push([id, { id, start, end }]);
  }
  return new Map(within);
}

/** Whether a series has occurrences that begin at that instant or later. */
export function goesOnAfter(timing: Timing, instant: string): boolean {
  if (timing.rule === null) return false;
  for (const moment of momentsOf(timing)) if (toInstant(moment, timing.zone) >= instant) return true;
  return false;
}

function momentsOf({ rule, zone, ...timing }: Timing): Iterable<Temporal.PlainDateTime> {
  const first = firstOf(timing);
  return rule === null ? [first] : startsOf(rule, first, zone);
}

const firstOf = ({ firstDay, startTime }: Pick<Timing, 'firstDay' | 'startTime'>) =>
  Temporal.PlainDateTime.from(`${firstDay}T${startTime}`);

/** In seconds. Where a clock change swallows the first occurrence, the wall clock tells its length. */
function lengthOf({ lastDay, endTime, zone, ...timing }: Timing): number {
  const first = firstOf(timing);
  const last = Temporal.PlainDateTime.from(`${lastDay}T${endTime}`);
  const exact = Temporal.Instant.from(toInstant(first, zone)).until(toInstant(last, zone)).total('seconds');
  return exact >= 0 ? exact : first.until(last).total('seconds');
}
