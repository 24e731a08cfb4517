// What a condition means for a value. Days are those of UTC [inference: real ones are the caller's].

import { badRequest, notEmulated } from '../errors.ts';
import { likePattern } from '../odata/filter-operands.ts';
import { convertText } from '../odata/literal.ts';
import { compare, fold, type Kind, type Scalar } from '../odata/shape.ts';
import { calendarSpan } from './calendar-spans.ts';
import type { FetchCondition } from './query.ts';

export interface Moment {
  readonly now: Date;
  readonly userId: string;
}

type Test = (value: Scalar) => boolean;

/** A row without a value is not like any: negative operators accept it, as OData's `ne` does here. */
export function testOf({ operator, values, column }: FetchCondition, kind: Kind, moment: Moment): Test {
  const value = (at = 0): Scalar => {
    const text = values[at];
    // QueryBuilderInvalid_Value.
    if (text === undefined) throw badRequest(`The condition on '${column}' needs a value.`, '0x80041108');
    return toScalar(text, kind);
  };
  const ordered = (accepts: (order: number) => boolean): Test => {
    const limit = value();
    return (found) => found !== null && accepts(compare(found, limit));
  };
  const negated =
    (test: Test): Test =>
    (found) =>
      !test(found);
  switch (operator) {
    case 'eq':
      return ordered((order) => order === 0);
    case 'ne':
    case 'neq':
      return negated(ordered((order) => order === 0));
    case 'gt':
      return ordered((order) => order > 0);
    case 'ge':
      return ordered((order) => order >= 0);
    case 'lt':
      return ordered((order) => order < 0);
    case 'le':
      return ordered((order) => order <= 0);
    case 'null':
      return (found) => found === null;
    case 'not-null':
      return (found) => found !== null;
    case 'in':
      return among(values.map((_text, at) => value(at)));
    case 'not-in':
      return negated(among(values.map((_text, at) => value(at))));
    case 'between':
      return between(value(0), value(1));
    case 'not-between':
      return negated(between(value(0), value(1)));
    case 'eq-userid':
      return (found) => found === moment.userId;
    case 'ne-userid':
      return (found) => found !== moment.userId;
    default:
      return textTest(operator, values) ?? dayTest(operator, values, moment) ?? unknown(operator);
  }
}

function unknown(operator: string): never {
  throw notEmulated(`the FetchXML operator ${operator}`);
}

function toScalar(text: string, kind: Kind): Scalar {
  if (kind !== 'boolean') return convertText(text, kind);
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw badRequest(`'${text}' is not a valid boolean.`, '0x80041108');
}

function among(accepted: readonly Scalar[]): Test {
  return (found) => found !== null && accepted.some((value) => compare(found, value) === 0);
}

function between(low: Scalar, high: Scalar): Test {
  return (found) => found !== null && compare(found, low) >= 0 && compare(found, high) <= 0;
}

const PATTERNS: Readonly<Record<string, (text: string) => string>> = {
  like: (text) => text,
  'begins-with': (text) => `${text}%`,
  'ends-with': (text) => `%${text}`,
};

function textTest(operator: string, [text = '']: readonly string[]): Test | undefined {
  const negative = /^not-(like|begin-with|end-with)$/.exec(operator)?.[1];
  const positive = negative?.replace('begin-', 'begins-').replace('end-', 'ends-') ?? operator;
  const pattern = PATTERNS[positive];
  if (pattern === undefined) return undefined;
  const expression = new RegExp(`^${likePattern(fold(pattern(text)))}$`, 's');
  return (found) => (typeof found === 'string' && expression.test(fold(found))) !== (negative !== undefined);
}

const DAY_MS = 86_400_000;

/** Days by their ISO text: `[first, last]`, both included. */
function dayTest(operator: string, values: readonly string[], { now }: Moment): Test | undefined {
  const day = (offset: number): string => new Date(now.getTime() + offset * DAY_MS).toISOString().slice(0, 10);
  const inDays = (first: string, last: string): Test => {
    return (found) => typeof found === 'string' && found.slice(0, 10) >= first && found.slice(0, 10) <= last;
  };
  const named = values[0]?.slice(0, 10) ?? '';
  switch (operator) {
    case 'today':
      return inDays(day(0), day(0));
    case 'yesterday':
      return inDays(day(-1), day(-1));
    case 'tomorrow':
      return inDays(day(1), day(1));
    case 'last-seven-days':
      return inDays(day(-7), day(0));
    case 'next-seven-days':
      return inDays(day(0), day(7));
    case 'on':
      return inDays(named, named);
    case 'on-or-before':
      return inDays('', named);
    case 'on-or-after':
      return inDays(named, '9999');
    default: {
      const span = calendarSpan(operator, now);
      return span === undefined ? spanTest(operator, Number(values[0]), now) : inDays(span.first, span.last);
    }
  }
}

/** `last-x-days`, `next-x-years`, `olderthan-x-hours`: spans of time from now, to the second. */
function spanTest(operator: string, amount: number, now: Date): Test | undefined {
  const [, way, unit] = /^(last|next|olderthan)-x-(minutes|hours|days|weeks|months|years)$/.exec(operator) ?? [];
  if (way === undefined || unit === undefined) return undefined;
  if (!Number.isInteger(amount) || amount < 1) throw badRequest(`'${operator}' needs a positive number.`, '0x80041108');
  const other = moved(now, way === 'next' ? amount : -amount, unit);
  const here = now.toISOString();
  return (found) => {
    if (typeof found !== 'string') return false;
    if (way === 'olderthan') return found < other;
    return way === 'next' ? found >= here && found <= other : found >= other && found <= here;
  };
}

function moved(now: Date, amount: number, unit: string): string {
  const date = new Date(now);
  if (unit === 'minutes') date.setUTCMinutes(date.getUTCMinutes() + amount);
  if (unit === 'hours') date.setUTCHours(date.getUTCHours() + amount);
  if (unit === 'days') date.setUTCDate(date.getUTCDate() + amount);
  if (unit === 'weeks') date.setUTCDate(date.getUTCDate() + 7 * amount);
  if (unit === 'months') date.setUTCMonth(date.getUTCMonth() + amount);
  if (unit === 'years') date.setUTCFullYear(date.getUTCFullYear() + amount);
  return date.toISOString();
}
