// What a process tells of its work to the state of the connector: at most once a minute, and never at a delivery's cost.
import { type Activity, withReceipt } from '../storage/activity.ts';
import type { Marks } from '../storage/marks.ts';

export interface Progress {
  /** A notification was taken up. @param at its receipt, in ms since 1970 @param source the label of its address */
  received(at: number, source?: string): void;
  /** A notification was applied. @param at ms since 1970 */
  applied(at: number): void;
  /** Saves what is new when the last time is a minute ago. Never rejects: the next one saves more. */
  save(): Promise<void>;
}

const EVERY_MS = 60_000;

/** @param now ms since 1970 */
export function createProgress(
  saveMarks: (marks: Marks, activity: Activity) => Promise<void>,
  now: () => number,
): Progress {
  let marks: Marks = {};
  let activity: Activity = new Map();
  let savedAt = Number.NEGATIVE_INFINITY;
  const newest = (one: number | undefined, other: number) => Math.max(one ?? other, other);
  return {
    received: (at, source = '') => {
      activity = withReceipt(activity, source, at);
      marks = { ...marks, received: newest(marks.received, at) };
    },
    applied: (at) => {
      marks = { ...marks, applied: newest(marks.applied, at) };
    },
    save: async () => {
      if (now() - savedAt < EVERY_MS) return;
      savedAt = now();
      await saveMarks(marks, activity).catch(() => undefined);
    },
  };
}
