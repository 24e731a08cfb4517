// The path of a request or of a reference: segments with keys.
// OData 4.0 Part 2 "URL Conventions"; Microsoft Learn, "Use an alternate key to reference a record".

import { badRequest } from '../errors.ts';
import { GUID } from './guid.ts';
import { splitOutside } from './split.ts';

export interface KeyValue {
  readonly name: string;
  readonly text: string;
  readonly quoted: boolean;
}

export interface Segment {
  readonly name: string;
  /** Text between parentheses, decoded; undefined without parentheses. */
  readonly argument?: string | undefined;
}

const SERVICE_ROOT = /^(?:https?:\/\/[^/]+)?\/api\/data\/v9\.\d+(?:\/|$)/i;

/** Path and query below the service root, from an absolute, host-relative or root-relative URL. */
export function belowServiceRoot(url: string): string | undefined {
  const root = SERVICE_ROOT.exec(url)?.[0];
  if (root !== undefined) return url.slice(root.length);
  return /^(?:https?:)?\/\//i.test(url) ? undefined : url.replace(/^\//, '');
}

/** Splits before decoding, so that an encoded slash stays in its key. */
export function parsePath(path: string): Segment[] {
  const quoted = path.replaceAll(/%27/gi, "'").replaceAll(/%28/gi, '(').replaceAll(/%29/gi, ')');
  return splitOutside(quoted, '/')
    .filter((part) => part !== '')
    .map(parseSegment);
}

function parseSegment(encoded: string): Segment {
  const segment = decode(encoded);
  const open = segment.indexOf('(');
  if (open === -1) return { name: segment };
  if (!segment.endsWith(')')) throw badRequest(`Bad Request - Error in query syntax near '${segment}'.`);
  return { name: segment.slice(0, open), argument: segment.slice(open + 1, -1) };
}

export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('The URL is not a valid percent-encoded text.');
  }
}

/** The GUID of `contacts(<guid>)`, lower case; undefined when the key has another form. */
export function guidKey(argument: string): string | undefined {
  return GUID.exec(argument.trim())?.[1]?.toLowerCase();
}

/** The pairs of `contacts(a='x',b=2)`. */
export function keyValues(argument: string): KeyValue[] {
  return splitOutside(argument, ',').map((part) => {
    const equals = part.indexOf('=');
    if (equals === -1) throw badRequest(`Bad Request - Error in query syntax near '${part}'.`);
    const name = part.slice(0, equals).trim();
    const literal = part.slice(equals + 1).trim();
    const quoted = literal.length >= 2 && literal.startsWith("'") && literal.endsWith("'");
    return { name, quoted, text: quoted ? literal.slice(1, -1).replaceAll("''", "'") : literal };
  });
}
