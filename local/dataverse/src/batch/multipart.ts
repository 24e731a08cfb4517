// Reading a multipart/mixed body, as strictly as Dataverse does.
// Microsoft Learn, "Web API client errors": all line endings must be CRLF, the last line included, else
// 400 0x80048d19 "Stream was not readable". JSON inside a part may have any line endings.

import { badRequest } from '../errors.ts';

export interface Part {
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: string;
}

/** The boundary of a content type; undefined when it is not multipart/mixed. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^\s*multipart\/mixed\s*(;|$)/i.test(contentType)) return undefined;
  const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** Parts between the delimiters. The body of the request itself must end with CRLF; a nested one ends with its part. */
export function splitMultipart(body: string, boundary: string, level: 'request' | 'nested'): Part[] {
  const delimiter = `--${boundary}`;
  const parts: Part[] = [];
  let start: number | undefined;
  for (
    let at = findDelimiter(body, delimiter, 0);
    at !== undefined;
    at = findDelimiter(body, delimiter, at + delimiter.length)
  ) {
    if (start !== undefined) parts.push(toPart(body.slice(start, Math.max(start, at - 2))));
    const after = at + delimiter.length;
    if (body.startsWith('--', after)) {
      if (level === 'request' && !body.startsWith('\r\n', after + 2)) throw unreadable();
      return parts;
    }
    const line = /^[ \t]*\r\n/.exec(body.slice(after, after + 100));
    if (line === null) throw unreadable();
    start = after + line[0].length;
  }
  throw unreadable();
}

/** A delimiter counts at the beginning of a line only; that line must end the one before with CRLF. */
function findDelimiter(body: string, delimiter: string, from: number): number | undefined {
  for (let at = body.indexOf(delimiter, from); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    const next = body[at + delimiter.length];
    if (next !== '\r' && next !== '\n' && next !== '-' && next !== ' ' && next !== '\t' && next !== undefined) continue;
    if (at === 0 || body.startsWith('\r\n', at - 2)) return at;
    if (body[at - 1] === '\n') throw unreadable();
  }
  return undefined;
}

function toPart(text: string): Part {
  const { headers, rest } = readHeaders(text);
  return { headers, content: rest };
}

/** Header lines, then an empty line. Without an empty line there is no content. */
export function readHeaders(text: string): { headers: Map<string, string>; rest: string } {
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  const head = end === -1 ? text : text.slice(0, end);
  const rest = end === -1 ? '' : text.slice(end + (end === 0 ? 2 : 4));
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    if (line.includes('\n') || line.includes('\r')) throw unreadable();
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon === -1) throw badRequest(`The message header '${line.slice(0, 40)}' is invalid.`, '0x80048d19');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, rest };
}

export function unreadable(): Error {
  return badRequest('Stream was not readable.', '0x80048d19');
}
