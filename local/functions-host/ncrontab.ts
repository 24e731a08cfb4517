// NCRONTAB: `{second} {minute} {hour} {day} {month} {day of week}`, or five fields without the seconds
// (Microsoft Learn, "NCRONTAB expressions"). Unlike in Unix cron, day and day of week must **both** match
// (atifaziz/NCrontab). Times are UTC, as in Azure without WEBSITE_TIME_ZONE.

const FIELDS = [
  { name: 'second', first: 0, last: 59 },
  { name: 'minute', first: 0, last: 59 },
  { name: 'hour', first: 0, last: 23 },
  { name: 'day', first: 1, last: 31 },
  { name: 'month', first: 1, last: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec' },
  { name: 'day of week', first: 0, last: 6, names: 'sun mon tue wed thu fri sat' },
] as const;

const DAY_MS = 86_400_000;
/** February 29 on a given week day comes back within 28 years, or 40 across a century. */
const HORIZON_DAYS = 41 * 366;

export type Schedule = (after: Date) => Date;

/** @throws with the name of the field that cannot be read. */
export function parseNcrontab(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6) throw new Error(`"${expression}" has ${parts.length} fields, not 5 or 6`);
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    readField(field, parts[index] ?? ''),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];

  return (after) => {
    const from = Math.floor(after.getTime() / 1000) * 1000 + 1000;
    const firstDay = Math.floor(from / DAY_MS) * DAY_MS;
    for (let day = firstDay; day < firstDay + HORIZON_DAYS * DAY_MS; day += DAY_MS) {
      const date = new Date(day);
      if (!months.has(date.getUTCMonth() + 1) || !days.has(date.getUTCDate()) || !weekdays.has(date.getUTCDay()))
        continue;
      const time = firstTime(Math.max(from, day));
      if (time) return time;
    }
    throw new Error(`"${expression}" never happens`);
  };

  /** The first matching time of the same day, from this instant on. */
  function firstTime(from: number): Date | undefined {
    const endOfDay = Math.floor(from / DAY_MS) * DAY_MS + DAY_MS;
    let time = from;
    while (time < endOfDay) {
      const date = new Date(time);
      if (!hours.has(date.getUTCHours())) time = (Math.floor(time / 3_600_000) + 1) * 3_600_000;
      else if (!minutes.has(date.getUTCMinutes())) time = (Math.floor(time / 60_000) + 1) * 60_000;
      else if (!seconds.has(date.getUTCSeconds())) time += 1000;
      else return date;
    }
    return undefined;
  }
}

/** `*`, `5`, `1-5`, a step (`0-59/5`), `10-40/10`, `mon-fri`, and lists of these. */
function readField(field: (typeof FIELDS)[number], text: string): Set<number> {
  const fail = () => new Error(`NCRONTAB ${field.name}: "${text}" is not valid (${field.first} to ${field.last})`);
  const names = 'names' in field ? field.names.split(' ') : [];
  const readValue = (word: string): number => {
    const named = names.indexOf(word.slice(0, 3).toLowerCase());
    const value = /^\d+$/.test(word) ? Number(word) : named >= 0 ? named + field.first : Number.NaN;
    if (!(value >= field.first && value <= field.last)) throw fail();
    return value;
  };

  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', every] = part.split('/');
    const step = every === undefined ? 1 : Number(every);
    if (!Number.isInteger(step) || step < 1) throw fail();
    const [low, high] = range === '*' ? [field.first, field.last] : range.split('-').map(readValue);
    if (low === undefined) throw fail();
    const end = high ?? (every === undefined ? low : field.last);
    if (end < low) throw fail();
    for (let value = low; value <= end; value += step) values.add(value);
  }
  return values;
}
