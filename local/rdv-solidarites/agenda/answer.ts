// The agenda's addresses: what is shown, and what a click does. Only for browsers on this machine.
import { html } from '../../page/html.ts';
import { Refused } from '../acts/transaction.ts';
import type { Answer, ApiRequest } from '../api/answer.ts';
import { instant, whole } from '../api/parameters.ts';
import type { Clock } from '../records/clock.ts';
import { type Agenda, addUsager, book, RDV_ACTIONS } from './actions.ts';
import { bookingForm, usagerForm } from './forms.ts';
import { refuse, show, style, type View } from './frame.ts';
import { rdvView } from './rdv.ts';
import { weekView } from './week.ts';
import { nextMorning } from './words.ts';

/** Another site can make its own name point to this machine (DNS rebinding); its requests carry that name. */
const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

export interface AgendaParts extends Agenda {
  readonly clock: Clock;
}

export function answerAgenda(parts: AgendaParts, request: ApiRequest): Answer {
  const { method, path, headers } = request;
  if (!LOCAL.test(headers['host'] ?? '')) return refuse(403, 'This page is for browsers of this machine.');
  if (method === 'GET') return path === '/page.css' ? style() : shown(parts, request);
  if (method !== 'POST') return refuse(405, 'Only GET and POST.');
  // A form of another site would book here.
  const from = headers['sec-fetch-site'] ?? 'none';
  if (from !== 'same-origin' && from !== 'none') return refuse(403, 'Only forms of this page.');
  try {
    return done(parts, path, new URLSearchParams(request.body)) ?? frame(parts, request, NOT_FOUND);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const body = html`<p class="alert" role="alert">${error.message}</p><p><a href="/">Revenir à l’agenda</a></p>`;
    return frame(parts, request, { title: 'Ce n’est pas possible', status: 422, body });
  }
}

const NOT_FOUND: View = {
  title: 'Page introuvable',
  status: 404,
  body: html`<p>Rien n’est à cette adresse. <a href="/">Voir l’agenda</a></p>`,
};

function shown(parts: AgendaParts, request: ApiRequest): Answer {
  const { store, clock } = parts;
  const { path, query } = request;
  const organisation = chosen(parts, query);
  const rdv = store.rdvs.get(whole(/^\/rdv\/(\d+)$/.exec(path)?.[1] ?? ''));
  if (rdv !== undefined) return frame(parts, request, rdvView(store, rdv));
  if (path === '/') {
    const at = instant(query.get('jour') ?? '') ?? clock.now();
    return frame(parts, request, weekView(store, { organisation, at }));
  }
  if (path === '/rdv/nouveau') {
    return frame(parts, request, bookingForm(store, { organisation, at: nextMorning(clock.now()) }));
  }
  return frame(parts, request, path === '/usagers/nouveau' ? usagerForm(store, organisation) : NOT_FOUND);
}

function done(parts: AgendaParts, path: string, form: URLSearchParams): Answer | undefined {
  if (path === '/rdv') return book(parts, form);
  if (path === '/usagers') return addUsager(parts, form);
  const [, id = '', action = ''] = /^\/rdv\/(\d+)\/([a-z]+)$/.exec(path) ?? [];
  const known = Object.hasOwn(RDV_ACTIONS, action) && parts.store.rdvs.get(Number(id)) !== undefined;
  return known ? RDV_ACTIONS[action]?.(parts, Number(id), form) : undefined;
}

const frame = (parts: AgendaParts, { path, query }: ApiRequest, view: View): Answer =>
  show(view, path, chosen(parts, query));

function chosen({ store }: AgendaParts, query: URLSearchParams): number {
  const asked = whole(query.get('organisation') ?? '');
  const [first] = store.organisations.values();
  return store.organisations.get(asked)?.id ?? first?.id ?? 0;
}
