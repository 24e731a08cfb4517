// Reads one HTTP answer of the sender: JSON, or a failure that says what to do.
import * as z from 'zod';
import { SenderError, type SenderFailure } from './failure.ts';

export interface Answer {
  readonly status: number;
  /** `undefined` for 204. */
  readonly json: unknown;
  readonly headers: Headers;
  /** The `Date` header, in ms since 1970: an upper bound of when the data was read. */
  readonly date: number | undefined;
}

/**
 * Reads an answer whole.
 *
 * @param expected statuses that mean something to the caller, besides 2xx
 * @throws SenderError for every other status, and for what is not JSON: a page of a gateway, a redirect
 */
export async function readAnswer(response: Response, expected: readonly number[] = []): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  const json = isJson(headers) ? parse(text) : undefined;
  if (!response.ok && !(json !== undefined && expected.includes(status)))
    throw new SenderError(failureOf(status, json, headers));
  if (json === undefined && status !== 204) throw new SenderError({ kind: 'unavailable', code: 'not-json', status });
  return { status, json, headers, date: dateOf(headers) };
}

const isJson = (headers: Headers) => /^application\/json\b/i.test(headers.get('content-type') ?? '');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Statuses by which the sender says that it cannot serve now: 302 leads to `/500.html` when it throttles. */
const PASSING: ReadonlySet<number> = new Set([
  302, // rack_attack.rb since 2025
  408, // Request Timeout
  429, // Too Many Requests
]);

function failureOf(status: number, json: unknown, headers: Headers): SenderFailure {
  const code = `http-${status}`;
  if (PASSING.has(status) || status >= 500) {
    const retryAfterMs = retryAfter(headers);
    return { kind: 'unavailable', code, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status === 401) return { kind: 'consent', code, status };
  // Only the application itself answers in JSON: the page of a router proves nothing about a record or a right.
  if (json === undefined) return { kind: 'unavailable', code: 'not-json', status };
  if (status === 403) return { kind: 'forbidden', code, status };
  if (status === 404) return { kind: 'absent', code, status };
  return { kind: 'refused', code, status, fields: fieldsOf(json) };
}

// Seconds to the end of the period (rack_attack.rb).
function retryAfter(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

const withFields = z.looseObject({ errors: z.record(z.string(), z.array(z.looseObject({ error: z.string() }))) });
const withCode = z.looseObject({ error: z.string() });
const WORD = /^[a-z0-9_]{1,40}$/;

/** The fields and codes by which a 422 says what is wrong, `target_url.taken`, without the values. */
export function fieldsOf(json: unknown): readonly string[] {
  const oauth = withCode.safeParse(json);
  if (oauth.success) return [oauth.data.error].filter((word) => WORD.test(word));
  const read = withFields.safeParse(json);
  if (!read.success) return [];
  return Object.entries(read.data.errors).flatMap(([field, errors]) =>
    errors.filter(({ error }) => WORD.test(field) && WORD.test(error)).map(({ error }) => `${field}.${error}`),
  );
}

/** RFC 9110, 5.6.7: whole seconds, always GMT. */
function dateOf(headers: Headers): number | undefined {
  const text = headers.get('date') ?? '';
  const date = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
