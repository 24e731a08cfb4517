// Birth dates as people mistype them. Pure.

/** What two birth dates have in common; `year`: one year apart, `century`: a hundred. */
export type BirthDates = 'same' | 'swapped' | 'one-digit' | 'year' | 'century' | 'missing' | 'different';

/** Compares dates, `2026-01-31`. */
export function compareDates(a: string | null, b: string | null): BirthDates {
  if (a === null || b === null) return 'missing';
  if (a === b) return 'same';
  if (swapped(a) === b) return 'swapped';
  const years = Math.abs(Number(a.slice(0, 4)) - Number(b.slice(0, 4)));
  if (a.slice(4) === b.slice(4) && years === 1) return 'year';
  if (a.slice(4) === b.slice(4) && years === 100) return 'century';
  return a.length === b.length && differences(a, b) === 1 ? 'one-digit' : 'different';
}

/** The dates that may be meant by one, itself among them; those with another digit are too many to try. */
export function nearDates(date: string): readonly string[] {
  const year = Number(date.slice(0, 4));
  const years = [year - 100, year - 1, year + 1, year + 100].map((other) => `${other}${date.slice(4)}`);
  return [...new Set([date, swapped(date), ...years])];
}

/** Day and month in each other's place. */
function swapped(date: string): string {
  const [year, month, day] = date.split('-');
  return `${year}-${day}-${month}`;
}

function differences(a: string, b: string): number {
  return [...a].filter((sign, at) => sign !== b[at]).length;
}
