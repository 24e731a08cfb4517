// Parameters as Rails reads them: brackets, comma lists, dates in the zone of Paris, numbers that begin a text.
import { Temporal } from 'temporal-polyfill';

/** `id=1,2` or `id[]=1&id[]=2`; undefined when absent. */
export function list(query: URLSearchParams, name: string): string[] | undefined {
  const repeated = query.getAll(`${name}[]`);
  const single = query.get(name);
  if (repeated.length === 0 && single === null) return undefined;
  return [...repeated, ...(single ?? '').split(',')].map((text) => text.trim()).filter((text) => text !== '');
}

/** What `to_i` makes of a text. */
export const whole = (text: string): number => Number.parseInt(text, 10) || 0;

const INSTANT = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?/i;

/**
 * `Time.zone.parse`: an instant in ms; without an offset, of Paris; `nil` (undefined) for a text without a date. A `+` that
 * was not encoded has become a blank: the offset is then no offset any more, and the time is taken for Paris.
 */
export function instant(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', offset] = INSTANT.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const zone = offset === undefined ? 'Europe/Paris' : /^(Z|UTC)$/i.test(offset) ? 'UTC' : withColon(offset);
  try {
    const [y, m, d, h, min, s] = [year, month, day, hour, minute, second].map(Number);
    const fields = { year: y ?? 0, month: m ?? 0, day: d ?? 0, hour: h ?? 0, minute: min ?? 0, second: s ?? 0 };
    const date = Temporal.PlainDateTime.from(fields, { overflow: 'reject' });
    return date.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

const withColon = (offset: string) => (offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`);

/** Inclusive bounds; an unreadable one is `NULL` in SQL, so that nothing passes. */
export function between(query: URLSearchParams, from: string, to: string): (ms: number) => boolean {
  const [least, most] = [bound(query.get(from), -Infinity), bound(query.get(to), Infinity)];
  if (least === undefined || most === undefined) return () => false;
  return (ms) => ms >= least && ms <= most;
}

function bound(text: string | null, absent: number): number | undefined {
  return text === null || text === '' ? absent : instant(text);
}

/** A body as Rails reads it: JSON, or a form whose brackets nest one level. Undefined when it is not readable. */
export function bodyOf(type: string | undefined, text: string): Record<string, unknown> | undefined {
  if (text === '') return {};
  if (!/^application\/x-www-form-urlencoded/i.test(type ?? '')) return jsonOf(text);
  const read: Record<string, unknown> = {};
  const form = new URLSearchParams(text);
  for (const key of new Set(form.keys())) {
    const [, name = key, inner] = /^([^[]+)\[([^\]]*)\]$/.exec(key) ?? [];
    if (inner === undefined) read[name] = form.get(key);
    else if (inner === '') read[name] = form.getAll(key);
    else read[name] = { ...object(read[name]), [inner]: form.get(key) };
  }
  return read;
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    return object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
