// Writing an answer, whole or broken.

import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiResponse } from '../call/message.ts';

/**
 * Headers that Dataverse adds to every answer. Microsoft Learn, "Service protection API limits" (ratelimit, for debugging
 * only) and "Send parallel requests" (dop hint; the sample shows 4).
 */
function commonHeaders(): Record<string, string> {
  return {
    'x-ms-service-request-id': randomUUID(),
    REQ_ID: randomUUID(),
    'x-ms-dop-hint': '4',
    'x-ms-ratelimit-burst-remaining-xrm-requests': '5999',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    'Cache-Control': 'no-cache',
  };
}

/** After half of the body. `truncate`: the connection ends, with FIN. `cut`: it is reset, with RST. `stall`: silence. */
export type Breakage = 'truncate' | 'cut' | 'stall';

export function send(response: ServerResponse, answer: ApiResponse, breakage?: Breakage): void {
  const body = Buffer.from(answer.body ?? '', 'utf8');
  const hasBody = answer.status !== 204 && answer.status !== 304;
  const length = breakage === undefined ? body.length : body.length + 100;
  response.writeHead(answer.status, {
    ...commonHeaders(),
    ...answer.headers,
    ...((hasBody || breakage !== undefined) && { 'Content-Length': String(length) }),
  });
  if (breakage === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (breakage === 'truncate') response.socket?.end();
    if (breakage === 'cut') response.socket?.resetAndDestroy();
  });
}
