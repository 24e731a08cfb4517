// Where a week's appointments stand in a calendar: on which day, from which quarter of an hour, beside which others.

import type { Row } from '../dataverse/src/store/row.ts';
import { end, start } from './appointments.ts';
import { type Day, momentOf, startOf } from './dates.ts';

/** A part of an appointment that lies on one day, in quarters of an hour since midnight. */
export interface Block {
  readonly row: Row;
  readonly from: number;
  readonly to: number;
  /** Blocks that overlap stand in lanes of their own, counted from 1. */
  readonly lane: number;
  /** No block stands to its right, so it takes the rest of the day's width. */
  readonly isLast: boolean;
}

export interface PlannedDay {
  readonly day: Day;
  readonly blocks: readonly Block[];
  /** Appointments of a day or longer, which hold the whole of this one or a part. */
  readonly long: readonly Row[];
}

const QUARTERS = 96;
const DAY_MS = 24 * 3600 * 1000;

/** The seven days from a Monday on. */
export function planWeek(rows: readonly Row[], monday: Day): readonly PlannedDay[] {
  return Array.from({ length: 7 }, (_, offset) => {
    const day = monday.add({ days: offset });
    const onIt = rows.filter((row) => touches(row, day));
    const isLong = (row: Row): boolean => Date.parse(end(row)) - Date.parse(start(row)) >= DAY_MS;
    return {
      day,
      long: onIt.filter(isLong),
      blocks: inLanes(
        onIt.filter((row) => !isLong(row)),
        day,
      ),
    };
  });
}

/** An appointment that ends with the day before does not touch this one; one without duration touches its own. */
function touches(row: Row, day: Day): boolean {
  const [from, to] = [Date.parse(start(row)), Date.parse(end(row))];
  const [opens, closes] = [startOf(day).valueOf(), startOf(day.add({ days: 1 })).valueOf()];
  return from < closes && (to > opens || from >= opens);
}

type Span = Pick<Block, 'row' | 'from' | 'to'>;

function inLanes(rows: readonly Row[], day: Day): readonly Block[] {
  const spans = rows.map((row) => ({ row, ...quarters(row, day) })).toSorted((a, b) => a.from - b.from || b.to - a.to);
  const groups: Span[][] = [];
  let until = 0;
  for (const span of spans) {
    const group = span.from < until ? groups.at(-1) : undefined;
    if (group === undefined) groups.push([span]);
    else group.push(span);
    until = Math.max(span.to, group === undefined ? 0 : until);
  }
  return groups.flatMap(besideEachOther);
}

/** Each block takes the first lane that is free at its start. */
function besideEachOther(spans: readonly Span[]): readonly Block[] {
  const free: number[] = [];
  const placed = spans.map((span) => {
    const found = free.findIndex((until) => until <= span.from);
    const lane = found === -1 ? free.length : found;
    free[lane] = span.to;
    return { ...span, lane: lane + 1 };
  });
  return placed.map((span) => ({ ...span, isLast: span.lane === free.length }));
}

/** By the clocks of the day, which a change of time may hold or skip; a quarter at least. */
function quarters(row: Row, day: Day): { from: number; to: number } {
  const at = (instant: string, round: (value: number) => number): number => {
    const moment = momentOf(instant);
    const order = moment.toPlainDate().since(day).days;
    if (order !== 0) return order < 0 ? 0 : QUARTERS;
    return round((moment.hour * 60 + moment.minute) / 15);
  };
  const from = Math.min(at(start(row), Math.floor), QUARTERS - 1);
  return { from, to: Math.max(at(end(row), Math.ceil), from + 1) };
}

/** The hours to show: a working day, and more when something lies outside it. */
export function shownHours(days: readonly PlannedDay[]): { first: number; last: number } {
  const blocks = days.flatMap((day) => day.blocks);
  return {
    first: Math.min(8, ...blocks.map(({ from }) => Math.floor(from / 4))),
    last: Math.max(18, ...blocks.map(({ to }) => Math.ceil(to / 4))),
  };
}
