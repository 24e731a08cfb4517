// The addresses of /api/v1 (config/routes/api.rb), and who may come in.
import type { Acts } from '../acts/acts.ts';
import type { Render } from '../records/render.ts';
import type { Store } from '../records/store.ts';
import type { Era } from '../sender-json.ts';
import { type Answer, type ApiRequest, invalidToken, missing, unauthenticated } from './answer.ts';
import { updateParticipation, updateStatus } from './attend.ts';
import type { Call } from './call.ts';
import { createEndpoint, endpoints, type Installing, updateEndpoint } from './endpoints.ts';
import {
  absence,
  absences,
  agents,
  lieux,
  me,
  motifs,
  organisation,
  organisations,
  user,
  userOf,
  users,
} from './lists.ts';
import type { OAuth } from './oauth.ts';
import { bodyOf } from './parameters.ts';
import { rdvs, rdvsOf } from './rdvs.ts';
import { rightsOf } from './rights.ts';
import type { SignIn } from './sign-in.ts';

export interface ApiParts extends Installing {
  readonly store: Store;
  readonly acts: Acts;
  readonly render: Render;
  readonly era: Era;
  readonly oauth: OAuth;
  /** Absent: this instance has no sign-in by password. */
  readonly signIn: SignIn | undefined;
  readonly disorder: Call['disorder'];
}

type Handler = (call: Call, parts: ApiParts, ids: [number, number]) => Answer;

interface Route {
  readonly handle: Handler;
  /** Not there in 2024. */
  readonly later?: boolean;
}

const ROUTES: Readonly<Record<string, Route>> = {
  'GET organisations': { handle: organisations },
  'GET organisations/N': { handle: (call, _, [id]) => organisation(call, id) },
  'GET organisations/N/rdvs': { handle: (call, _, [id]) => rdvsOf(call, id) },
  'GET organisations/N/users': { handle: (call, _, [id]) => users(call, id) },
  'GET organisations/N/users/N': { handle: (call, _, [organisation, id]) => userOf(call, organisation, id) },
  'GET organisations/N/motifs': { handle: (call, _, [id]) => motifs(call, id) },
  'GET organisations/N/webhook_endpoints': { handle: (call, _, [id]) => endpoints(call, id) },
  'POST organisations/N/webhook_endpoints': { handle: (call, parts, [id]) => createEndpoint(call, parts, id) },
  'PATCH organisations/N/webhook_endpoints/N': { handle: updateEndpoint },
  'PUT organisations/N/webhook_endpoints/N': { handle: updateEndpoint },
  'GET agents': { handle: agents },
  'GET agents/me': { handle: me, later: true },
  'GET rdvs': { handle: rdvs, later: true },
  'PATCH rdvs/N/update_status': { handle: (call, { acts }, [id]) => updateStatus(call, acts, id), later: true },
  'PATCH participations/N': { handle: (call, { acts }, [id]) => updateParticipation(call, acts, id) },
  'GET users': { handle: (call) => users(call) },
  'GET users/N': { handle: (call, _, [id]) => user(call, id) },
  'GET lieux': { handle: lieux, later: true },
  'GET absences': { handle: absences },
  'GET absences/N': { handle: (call, _, [id]) => absence(call, id) },
};

export const API = '/api/v1/';

const NO_ROUTE: Answer = {
  status: 404,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><html lang="fr"><head><title>404</title></head><body><h1>Page introuvable</h1></body></html>',
};

/** Answers a request whose path begins with /api/v1/. */
export function answerApi(parts: ApiParts, request: ApiRequest): Answer {
  const { store, oauth, signIn, era, render, disorder } = parts;
  const path = request.path.slice(API.length);
  if (signIn !== undefined) {
    if (request.method === 'POST' && path === 'auth/sign_in') return signIn.signIn(request);
    if (request.method === 'GET' && path === 'auth/validate_token') return signIn.validate(request);
  }
  const numbers = path.split('/').filter((part) => /^\d+$/.test(part));
  const route = ROUTES[`${request.method} ${path.replaceAll(/(?<=\/)\d+(?=\/|$)/g, 'N')}`];
  if (route === undefined || (route.later && era === '2024')) return NO_ROUTE;

  const [scheme = '', token = ''] = (request.headers['authorization'] ?? '').split(' ');
  const bearer = scheme.toLowerCase() === 'bearer';
  const agent = bearer ? store.agents.get(oauth.agentOf(token) ?? 0) : signIn?.signedIn(request);
  if (agent === undefined) return bearer ? invalidToken : unauthenticated;
  const body = bodyOf(request.headers['content-type'], request.body);
  if (body === undefined) return missing('body');
  const call = { store, rights: rightsOf(store, agent), era, render, query: request.query, body, disorder };
  return route.handle(call, parts, [Number(numbers[0] ?? 0), Number(numbers[1] ?? 0)]);
}
