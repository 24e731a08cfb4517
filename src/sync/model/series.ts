// Absences and plages d'ouverture in time: what a link remembers of one, in the column `rdvs_series`.
import * as z from 'zod';
import { parseRecurrence, type RecurrenceRule } from '../../rdv-solidarites/recurrence.ts';
import { parseDate, parseInstant, parseZone } from '../../rdv-solidarites/times.ts';
import type { Reference } from './values.ts';

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
 * What a link remembers, in `rdvs_series`, so that the window can move without a notification. It holds no texts, because
 * readers of links need not see what an absence is about. Texts are taken from the occurrences that exist.
 */
export interface Series {
  readonly timing: Timing;
  /** The sender's id of the agent. */
  readonly agent: number;
  /** The owner of the occurrences; null for the connector itself. */
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
