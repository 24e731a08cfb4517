// The HTTP side: bodies in, answers out, the bearer token, faults, the request log.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiContext, ApiRequest, ApiResponse } from '../api/message.ts';
import { serve } from '../api/service.ts';
import { runBatch } from '../batch/run.ts';
import { belowServiceRoot } from '../odata/path.ts';
import type { Organization } from '../organization.ts';
import { answerControl } from './control.ts';
import { deadlock, faultAnswer } from './fault-answers.ts';
import type { ActiveFault, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { send } from './send.ts';

export interface ServerParts {
  readonly organization: Organization;
  readonly token: string;
  readonly faults: Faults;
  readonly log: RequestLog;
}

export function createHttpServer(parts: ServerParts): Server {
  return createServer((request, response) => {
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
  if (!url.startsWith('/api/data/')) {
    send(response, answerControl(parts, { method: request.method ?? 'GET', path, body }));
    return;
  }
  await answerApi(parts, { request, response, path, url, body });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly url: string;
  readonly body: string;
}

async function answerApi(parts: ServerParts, exchange: Exchange): Promise<void> {
  const { request, response, path } = exchange;
  const method = request.method ?? 'GET';
  const started = performance.now();
  const record = (status: number, operations?: number): void => {
    const durationMs = Math.round((performance.now() - started) * 100) / 100;
    parts.log.add({ method, path, status, durationMs, ...(operations !== undefined && { parts: operations }) });
  };
  const fault = parts.faults.take(method, path);
  if (fault?.kind === 'slow') await delay(fault.ms);
  if (fault?.kind === 'reset') {
    record(0);
    request.socket.destroy();
    return;
  }
  const { answer, operations } = answerOf(parts, exchange, fault);
  const cut = fault?.kind === 'reset-after-commit';
  record(cut ? 0 : answer.status, operations);
  if (cut) request.socket.destroy();
  else send(response, answer, fault?.kind === 'truncate' || fault?.kind === 'stall' ? fault.kind : undefined);
}

function answerOf(
  parts: ServerParts,
  { request, url, body }: Exchange,
  fault: ActiveFault | undefined,
): { answer: ApiResponse; operations?: number | undefined } {
  const failed = fault === undefined ? undefined : faultAnswer(fault);
  if (failed !== undefined) return { answer: failed };
  // Microsoft Learn, "Compose HTTP requests": 401 when the token is missing or refused; its body is empty.
  if (request.headers.authorization?.replace(/^bearer /i, '') !== parts.token)
    return { answer: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } };
  const target = belowServiceRoot(url);
  if (target === undefined || !/^\/api\/data\/v9\./.test(url))
    return { answer: { status: 404, headers: {}, body: '' } };
  const apiRequest: ApiRequest = { method: request.method ?? 'GET', target, headers: headersOf(request), body };
  const context = contextOf(parts, request, { url, fault });
  if (apiRequest.method !== 'POST' || !/^\$batch(\?|$)/.test(target)) return { answer: serve(context, apiRequest) };
  const { response, operations } = runBatch(context, apiRequest);
  return { answer: response, operations };
}

function contextOf(
  parts: ServerParts,
  request: IncomingMessage,
  { url, fault }: { url: string; fault: ActiveFault | undefined },
): ApiContext {
  const version = /^\/api\/data\/(v9\.\d+)/.exec(url)?.[1] ?? 'v9.2';
  let struck = false;
  const strikeOnce = (): void => {
    if (struck) return;
    struck = true;
    throw deadlock();
  };
  return {
    organization: parts.organization,
    root: `http://${request.headers.host ?? '127.0.0.1'}/api/data/${version}/`,
    ...(fault?.kind === 'deadlock' && { beforeCommit: strikeOnce }),
  };
}

function headersOf(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(',') : value);
  }
  return headers;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
