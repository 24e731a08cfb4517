// Weeks, months and years around today. Microsoft Learn, "FetchXml condition operators".
// Days are those of UTC, weeks begin on Monday [inference: real ones are the caller's and the environment's].

const DISTANCE: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1 };

/** First and last day of `this-week`, `last-month`, `next-year`; undefined for any other operator. */
export function calendarSpan(operator: string, now: Date): { first: string; last: string } | undefined {
  const [, way = '', unit = ''] = /^(last|this|next)-(week|month|year)$/.exec(operator) ?? [];
  const distance = DISTANCE[way];
  if (distance === undefined) return undefined;
  return { first: dayText(startOf(now, unit, distance), 0), last: dayText(startOf(now, unit, distance + 1), -1) };
}

/** The first day of the unit that is `distance` units from the present one. */
function startOf(now: Date, unit: string, distance: number): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (unit === 'year') return new Date(Date.UTC(year + distance, 0, 1));
  if (unit === 'month') return new Date(Date.UTC(year, month + distance, 1));
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return new Date(Date.UTC(year, month, day - sinceMonday + 7 * distance));
}

function dayText(date: Date, offset: number): string {
  const day = new Date(date);
  day.setUTCDate(day.getUTCDate() + offset);
  return day.toISOString().slice(0, 10);
}
