// A request to the Web API, from its arrival to its answer: faults, the bearer token, limits, the log.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from '../api/service.ts';
import { runBatch } from '../batch/run.ts';
import type { ApiContext, ApiRequest, ApiResponse } from '../call/message.ts';
import { deadlockVictim } from '../errors.ts';
import { belowServiceRoot } from '../odata/path.ts';
import type { Organization } from '../organization.ts';
import type { Steps } from '../steps.ts';
import { finish } from '../steps.ts';
import { faultAnswer } from './fault-answers.ts';
import type { ActiveFault } from './faults.ts';
import { type Breakage, send } from './send.ts';
import type { ServerParts } from './server-parts.ts';
import type { Visit } from './service-protection.ts';
import { impersonate, type SignIn } from './sign-in.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly url: string;
  readonly body: string;
}

interface Outcome {
  readonly answer: ApiResponse;
  /** Operations in a `$batch`. */
  readonly operations?: number | undefined;
}

/** The request counts as running until its answer leaves, a delay of the network included. */
export async function answerApi(parts: ServerParts, exchange: Exchange): Promise<void> {
  const { request, response, path } = exchange;
  const method = request.method ?? 'GET';
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const record = (status: number, operations?: number): void => {
    const durationMs = Math.round(elapsed() * 100) / 100;
    parts.log.add({ method, path, status, durationMs, ...(operations !== undefined && { parts: operations }) });
  };
  const fault = parts.faults.take(method, path);
  if (fault?.kind === 'slow') await delay(fault.ms);
  if (fault?.kind === 'reset') {
    record(0);
    request.socket.destroy();
    return;
  }
  const signIn = impersonate(parts.signIn(request.headers.authorization), request.headers['mscrmcallerid']);
  const early = earlyAnswer(signIn, exchange, fault);
  const visit = early === undefined ? parts.protection.enter(signIn.token) : undefined;
  try {
    const { answer, operations } = await outcomeOf(signIn.organization, exchange, { early, visit, fault });
    visit?.executed(operations ?? 1, elapsed());
    const cut = fault?.kind === 'reset-after-commit';
    record(cut ? 0 : answer.status, operations);
    const wait = parts.delay.next();
    if (wait > 0) await delay(wait);
    if (cut) request.socket.destroy();
    else send(response, withHeaders(answer, visit), breakageOf(fault));
  } finally {
    visit?.leave();
  }
}

function outcomeOf(
  organization: Organization,
  exchange: Exchange,
  { early, visit, fault }: { early: ApiResponse | undefined; visit: Visit | undefined; fault: ActiveFault | undefined },
): Outcome | Promise<Outcome> {
  const answer = early ?? visit?.refusal;
  return answer === undefined ? finish(run(organization, exchange, fault)) : { answer };
}

/** Microsoft Learn, "Compose HTTP requests": characters of a URL outside a batch. That the status is 414 is an [inference]. */
const MAX_URL = 32_768;

/** What is answered before the request is looked at; undefined for a request that goes on. */
function earlyAnswer({ refusal }: SignIn, { url }: Exchange, fault: ActiveFault | undefined): ApiResponse | undefined {
  const failed = fault === undefined ? undefined : faultAnswer(fault);
  if (failed !== undefined) return failed;
  if (refusal !== undefined) return refusal;
  if (url.length > MAX_URL) return { status: 414, headers: {}, body: '' };
  const known = belowServiceRoot(url) !== undefined && /^\/api\/data\/v9\./.test(url);
  return known ? undefined : { status: 404, headers: {}, body: '' };
}

function* run(
  organization: Organization,
  { request, url, body }: Exchange,
  fault: ActiveFault | undefined,
): Steps<Outcome> {
  organization.unseen.settle();
  const target = belowServiceRoot(url) ?? '';
  const apiRequest: ApiRequest = { method: request.method ?? 'GET', target, headers: headersOf(request), body };
  const context = contextOf(organization, request, { url, fault });
  if (apiRequest.method !== 'POST' || !/^\$batch(\?|$)/.test(target)) {
    return { answer: yield* serve(context, apiRequest) };
  }
  const { response, operations } = yield* runBatch(context, apiRequest);
  return { answer: response, operations };
}

/** The process of the transaction that a `deadlock` fault strikes. */
const STRUCK_PROCESS = 51;

function contextOf(
  organization: Organization,
  request: IncomingMessage,
  { url, fault }: { url: string; fault: ActiveFault | undefined },
): ApiContext {
  const version = /^\/api\/data\/(v9\.\d+)/.exec(url)?.[1] ?? 'v9.2';
  let struck = false;
  const strikeOnce = (): void => {
    if (struck) return;
    struck = true;
    throw deadlockVictim(STRUCK_PROCESS);
  };
  return {
    organization,
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

function withHeaders(answer: ApiResponse, visit: Visit | undefined): ApiResponse {
  return visit === undefined ? answer : { ...answer, headers: { ...visit.headers, ...answer.headers } };
}

function breakageOf(fault: ActiveFault | undefined): Breakage | undefined {
  const kind = fault?.kind;
  return kind === 'truncate' || kind === 'stall' || kind === 'cut' ? kind : undefined;
}
