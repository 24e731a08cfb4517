// Values and functions of the Kusto language: those that our queries use (Microsoft Learn, "KQL quick reference").

export type Value = null | boolean | number | string | Date | { readonly [key: string]: Value };

const number = (value: Value) => (value === null || value === '' || Number.isNaN(Number(value)) ? null : Number(value));
const text = (value: Value) => (value === null ? '' : String(value)).toLowerCase();

/** Negative, zero or positive. Null comes first. */
export function compare(a: Value, b: Value): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  return Number(a) - Number(b);
}

// A comparison with null is never true.
const compared = (test: (order: number) => boolean) => (a: Value, b: Value) =>
  a !== null && b !== null && test(compare(a, b));

const FUNCTIONS: Record<string, (...args: Value[]) => Value> = {
  parse_json: (value) => parseJson(value ?? null),
  tostring: (value) => (value === null || value === undefined ? '' : String(value)),
  toint: (value) => (number(value ?? null) === null ? null : Math.trunc(Number(value))),
  todouble: (value) => number(value ?? null),
  isempty: (value) => value === null || value === '',
  iff: (condition, yes, no) => (condition === true ? (yes ?? null) : (no ?? null)),
  bin: (value, step) => (value instanceof Date ? new Date(floor(value.getTime(), step)) : floor(value, step)),
  startswith: (value, prefix) => text(value ?? null).startsWith(text(prefix ?? null)),
  contains: (value, part) => text(value ?? null).includes(text(part ?? null)),
  and: (a, b) => a === true && b === true,
  or: (a, b) => a === true || b === true,
  '==': (a, b) => compared((order) => order === 0)(a ?? null, b ?? null),
  '>': (a, b) => compared((order) => order > 0)(a ?? null, b ?? null),
  '>=': (a, b) => compared((order) => order >= 0)(a ?? null, b ?? null),
  // Times and spans are milliseconds here.
  '+': (a, b) => (a === null || b === null ? null : Number(a) + Number(b)),
  '-': (a, b) => (a === null || b === null ? null : Number(a) - Number(b)),
  '/': (a, b) => (a === null || b === null ? null : Number(a) / Number(b)),
};

export function call(name: string, args: readonly Value[]): Value {
  const known = FUNCTIONS[name];
  if (known === undefined) throw new Error(`unknown function: ${name}`);
  return known(...args);
}

type Aggregate = (rows: readonly (readonly Value[])[]) => Value;

const present = (rows: readonly (readonly Value[])[]) =>
  rows.map(([value]) => value ?? null).filter((value) => value !== null);
const largest = (values: readonly Value[]) => values.toSorted(compare).at(-1) ?? null;

const AGGREGATES: Record<string, Aggregate> = {
  count: (rows) => rows.length,
  countif: (rows) => rows.filter(([condition]) => condition === true).length,
  sum: (rows) => present(rows).reduce<number>((total, value) => total + Number(value), 0),
  max: (rows) => largest(present(rows)),
  maxif: (rows) => largest(present(rows.filter(([, condition]) => condition === true))),
  percentile: (rows) => {
    const values = present(rows).toSorted(compare);
    const share = Number(rows[0]?.[1] ?? 0) / 100;
    return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
  },
};

export const isAggregate = (name: string) => name in AGGREGATES;

/** @param rows per row, the values of the arguments */
export function aggregate(name: string, rows: readonly (readonly Value[])[]): Value {
  return AGGREGATES[name]?.(rows) ?? null;
}

function floor(value: Value | undefined, step: Value | undefined): number {
  return Math.floor(Number(value) / Number(step)) * Number(step);
}

function parseJson(value: Value): Value {
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}
