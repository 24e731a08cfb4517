// `GET /` and below: the pages for people. Which address shows which view, and the headers that keep a browser safe.

import { readFileSync } from 'node:fs';
import type { ApiResponse } from '../dataverse/src/call/message.ts';
import type { Organization } from '../dataverse/src/organization.ts';
import { agentList } from './agent-list.ts';
import { agentWeek, LANES } from './agent-week.ts';
import { appointmentForm } from './appointment-form.ts';
import { appointmentList } from './appointment-list.ts';
import { contactForm } from './contact-form.ts';
import { contactList } from './contact-list.ts';
import { html } from './html.ts';
import { page, type View } from './layout.ts';
import { linkList } from './link-list.ts';

/** Where pages hear of changes. */
export const CHANGES_PATH = '/changements';

/**
 * Nothing but this server's own files runs or is loaded, whatever a row holds; no form leads elsewhere; nobody frames it;
 * and RDV-Solidarités does not learn where a click came from.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

type Show = (organization: Organization, query: URLSearchParams, id: string) => View | undefined;

const VIEWS: Readonly<Record<string, Show>> = {
  '/': contactList,
  '/rdv': appointmentList,
  '/agents': agentList,
  '/liens': linkList,
  '/contacts/:id': (organization, query, id) => contactForm(organization, id, query),
  '/rdv/:id': (organization, _, id) => appointmentForm(organization, id),
  '/agents/:id': (organization, query, id) => agentWeek(organization, id, query),
};

/** Answers a GET of `url`, which begins with a slash and may hold a query. */
export function servePage(organization: Organization, url: string): ApiResponse {
  const [path = '/', search = ''] = url.split(/\?(.*)/s);
  const file = FILES[path];
  if (file !== undefined) return answer(200, file.type, file.text());
  const [, table = '', id = ''] = /^(\/[a-z]+)\/([0-9a-f-]{36})$/i.exec(path) ?? [];
  const show = VIEWS[id === '' ? path : `${table}/:id`];
  const view = show?.(organization, new URLSearchParams(search), id.toLowerCase()) ?? NOT_FOUND;
  return answer(view.status ?? 200, 'text/html', page(view, url).toString());
}

function answer(status: number, type: string, body: string): ApiResponse {
  return { status, headers: { ...PAGE_HEADERS, 'Content-Type': `${type}; charset=utf-8` }, body };
}

const NOT_FOUND: View = {
  title: 'Page introuvable',
  status: 404,
  body: html`<p>Rien n’est à cette adresse. La fiche a peut-être été supprimée, ou Dataverse relancé : il commence toujours vide.</p>
<p><a href="/">Voir les contacts</a></p>`,
};

/** Read anew each time: an edit shows with the next reload. */
const asset = (name: string): string => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');

const FILES: Readonly<Record<string, { type: string; text: () => string }>> = {
  '/page.css': { type: 'text/css', text: () => asset('page.css') + places() },
  '/page.js': { type: 'text/javascript', text: () => asset('page.js') },
};

/** The places in a calendar as classes: the policy above allows no style in the markup. */
function places(): string {
  const rules = (length: number, rule: (n: number) => string) => Array.from({ length }, (_, at) => rule(at + 1));
  return [
    '@media (min-width: 56rem) {',
    ...rules(96, (n) => `.from-${n}{grid-row-start:${n}}.for-${n}{grid-row-end:span ${n}}`),
    ...rules(LANES, (n) => `.lanes-${n}{grid-template-columns:repeat(${n},minmax(0,1fr))}.lane-${n}{grid-column:${n}}`),
    '.last{grid-column-end:-1}',
    '}\n',
  ].join('\n');
}
