// The HTTP side: the API, the consent, the agenda, and what a stand-in adds for tests (`/__requests`, `/__faults`, `/__deliveries`).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { answerAgenda } from '../agenda/answer.ts';
import { type Answer, type ApiRequest, serverError } from '../api/answer.ts';
import type { OAuth } from '../api/oauth.ts';
import { API, type ApiParts, answerApi } from '../api/routes.ts';
import type { Clock } from '../records/clock.ts';
import { inSenderOrder } from '../sender-json.ts';
import type { Deliveries } from '../webhooks/deliveries.ts';
import { disturb, faultAnswer } from './fault-answers.ts';
import { type Faults, parseFaults } from './faults.ts';
import type { createJournal } from './journal.ts';
import { write } from './write.ts';

export interface ServerParts {
  readonly api: ApiParts;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly journal: ReturnType<typeof createJournal>;
  readonly deliveries: Deliveries;
  /** The time of the router, ms. */
  readonly date: () => number;
}

export function createSenderServer(parts: ServerParts): Server {
  return createServer((request, response) => {
    answer(parts, request, response).catch(() => response.destroy());
  });
}

async function answer(parts: ServerParts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const begin = performance.now();
  const request = await read(incoming);
  const stamp = () => ({
    date: parts.date(),
    runtimeMs: performance.now() - begin,
    known: request.headers['if-none-match'],
  });
  if (request.path.startsWith('/__')) return write(response, control(parts, request), stamp());
  if (!/^\/(api|oauth)\//.test(request.path)) {
    return write(response, answerAgenda({ ...parts.api, clock: parts.clock }, request), stamp());
  }

  const record = parts.journal.begin(request.method, incoming.url ?? '/', parts.clock.now());
  response.once('close', () => {
    record.status = response.headersSent ? response.statusCode : 0;
    record.durationMs = performance.now() - begin;
  });
  const fault = parts.faults.take(request.method, request.path);
  if (fault !== undefined) disturb(parts.api.store, fault);
  if (fault?.kind === 'stall') await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
  const broken = fault && faultAnswer(fault, parts.clock.now());
  // The router stamps the answer when it is finished.
  const whole = broken ?? route(parts.api, request);
  write(response, whole, stamp(), fault?.kind === 'cut' ? 'cut' : undefined);
}

function route(api: ApiParts, request: ApiRequest): Answer {
  if (request.path.startsWith(API)) {
    const answered = answerOrFail(api, request);
    return typeof answered.body === 'object' ? { ...answered, body: ordered(answered.body) } : answered;
  }
  // Younger than the profile of 2024.
  const answered = api.era === '2024' ? undefined : oauthAnswer(api.oauth, request);
  return answered ?? { status: 404 };
}

/** What fails here fails as there. */
function answerOrFail(api: ApiParts, request: ApiRequest): Answer {
  try {
    return answerApi(api, request);
  } catch {
    return serverError(api.era);
  }
}

/** `meta` keeps its own order. */
function ordered(body: object): object {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, key === 'meta' ? value : inSenderOrder(value)]),
  );
}

function oauthAnswer(oauth: OAuth, request: ApiRequest): Answer | undefined {
  switch (`${request.method} ${request.path}`) {
    case 'GET /oauth/authorize':
      return oauth.authorize(request);
    case 'POST /oauth/token':
      return oauth.token(request);
    case 'POST /oauth/revoke':
      return oauth.revoke(request);
    default:
      return undefined;
  }
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const body = await text(incoming);
  return { method: incoming.method ?? 'GET', path, query: new URLSearchParams(search), headers, body };
}

function control({ journal, faults, deliveries }: ServerParts, { method, path, body }: ApiRequest): Answer {
  switch (`${method} ${path}`) {
    case 'GET /__requests':
      return { status: 200, body: journal.records };
    case 'DELETE /__requests':
      journal.clear();
      return { status: 204 };
    case 'GET /__deliveries':
      return { status: 200, body: deliveries.attempts };
    case 'GET /__faults':
      return { status: 200, body: faults.list() };
    case 'POST /__faults':
      return addFaults(faults, body);
    case 'DELETE /__faults':
      faults.clear();
      return { status: 204 };
    default:
      return { status: 404 };
  }
}

function addFaults(faults: Faults, body: string): Answer {
  try {
    for (const fault of parseFaults(JSON.parse(body))) faults.add(fault);
    return { status: 200, body: faults.list() };
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.';
    return { status: 400, body: { error: words } };
  }
}
