// The HTTP side: bodies in, answers out; the Web API here, there what the emulator adds for programs and for people.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApi } from './api-exchange.ts';
import { answerControl } from './control.ts';
import { send } from './send.ts';
import type { ServerParts } from './server-parts.ts';

/** Above the longest URL that is read at all, so that a longer one is refused here and not by Node. */
const MAX_HEADER_SIZE = 128 * 1024;
/** Above the time that a busy process may leave a connection alone: Node's five seconds cut a request that was on its way. */
const KEEP_ALIVE_MS = 75_000;

export function createHttpServer(parts: ServerParts): Server {
  return createServer({ maxHeaderSize: MAX_HEADER_SIZE, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answerRequest(parts, request, response).catch((error: unknown) => {
      console.error('dataverse emulator:', error);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, headers: {}, body: 'The emulator failed; see its output.' });
    });
  });
}

async function answerRequest(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const [path = ''] = url.split('?');
  const body = await readBody(request);
  if (url.startsWith('/api/data/')) await answerApi(parts, { request, response, path, url, body });
  else if (path.startsWith('/__'))
    send(response, answerControl(parts, { method: request.method ?? 'GET', path, body }));
  else await parts.page(parts.organization, { request, response, body });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
