// Writing an answer as Rails does behind its router: Date, request id, run time, weak ETag and 304.
import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Answer } from '../api/answer.ts';

export interface Stamp {
  /** The time of the router, ms. */
  readonly date: number;
  readonly runtimeMs: number;
  /** `If-None-Match` of the request. */
  readonly known: string | undefined;
}

/** After half of the body the connection is reset. */
export type Breakage = 'cut';

export function write(response: ServerResponse, answer: Answer, stamp: Stamp, breakage?: Breakage): void {
  const isJson = typeof answer.body === 'object';
  const text = typeof answer.body === 'object' ? JSON.stringify(answer.body) : (answer.body ?? '');
  const etag = `W/"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
  const cacheable = answer.status === 200 && isJson;
  const unchanged = cacheable && stamp.known === etag;
  const body = Buffer.from(unchanged ? '' : text, 'utf8');
  response.sendDate = false;
  response.writeHead(unchanged ? 304 : answer.status, {
    // Whole seconds, GMT.
    Date: new Date(stamp.date).toUTCString(),
    'X-Request-Id': randomUUID(),
    'X-Runtime': (stamp.runtimeMs / 1000).toFixed(6),
    ...(cacheable && { ETag: etag, 'Cache-Control': 'max-age=0, private, must-revalidate' }),
    ...(isJson && !unchanged && { 'Content-Type': 'application/json; charset=utf-8' }),
    ...answer.headers,
    ...(!unchanged && { 'Content-Length': String(body.length) }),
  });
  if (breakage === undefined) response.end(body);
  else {
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.resetAndDestroy());
  }
}
