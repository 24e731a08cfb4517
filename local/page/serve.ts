// `GET /` and below: which address shows what, and the headers that keep a browser safe.

import { readFileSync } from 'node:fs';
import type { ApiResponse } from '../dataverse/src/call/message.ts';
import { FORM_TYPE } from '../dataverse/src/customization/form-controls.ts';
import { publishedRows } from '../dataverse/src/customization/publication.ts';
import type { Organization } from '../dataverse/src/organization.ts';
import { type Application, readApplication } from './application.ts';
import { dashboard } from './dashboard.ts';
import { formOf } from './form.ts';
import { html } from './html.ts';
import { page, type Screen } from './layout.ts';
import { list } from './list.ts';
import { address, type Reader, say } from './reader.ts';
import { record } from './record.ts';
import { save } from './save.ts';

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

/** Answers a GET of a path with its query, or the form that was posted to it. */
export async function servePage(
  organization: Organization,
  asked: string,
  posted?: URLSearchParams,
): Promise<ApiResponse> {
  // Two slashes would name another host.
  const url = asked.replace(/^[/\\]+/, '/');
  const { pathname, searchParams: query } = new URL(url, 'http://127.0.0.1');
  const file = FILES[pathname];
  if (file !== undefined) return answer(200, file.type, file.text());
  const reader = readerOf(organization, query);
  const app = readApplication(reader);
  if (app === undefined) return shown(reader, undefined, url, notProvisioned(reader));
  if (pathname === '/') return seeOther(address(reader, app.groups[0]?.entries[0]?.path ?? '/dashboard'));
  const [, table = '', id = ''] = /^\/([a-z_\d]+)(?:\/([\da-f-]{36}))?$/.exec(pathname) ?? [];
  if (posted !== undefined) return saved(reader, app, { table, id, url, posted });
  const screen = await screenOf(reader, app, { table, id, query });
  return shown(reader, app, url, screen ?? notFound(reader));
}

function readerOf(organization: Organization, query: URLSearchParams): Reader {
  const forms = publishedRows(organization, 'systemform').filter(({ values }) => values['type'] === FORM_TYPE.main);
  return {
    organization,
    lang: query.get('lang') === 'en' ? 'en' : 'fr',
    tables: new Set(forms.map(({ values }) => String(values['objecttypecode']))),
  };
}

interface Asked {
  readonly table: string;
  readonly id: string;
  readonly query: URLSearchParams;
}

async function screenOf(reader: Reader, app: Application, { table, id, query }: Asked): Promise<Screen | undefined> {
  if (table === 'dashboard') return dashboard(reader, app, id, query);
  if (reader.organization.schema.table(table) === undefined) return undefined;
  if (id === '') return list(reader, app, table, query);
  const row = reader.organization.store.get(table, id);
  const form = formOf(reader, app, table);
  return row && form && record(reader, app, { form, row, query });
}

interface Saving {
  readonly table: string;
  readonly id: string;
  readonly url: string;
  readonly posted: URLSearchParams;
}

async function saved(reader: Reader, app: Application, { table, id, url, posted }: Saving): Promise<ApiResponse> {
  const row = reader.organization.schema.table(table) && reader.organization.store.get(table, id);
  const form = formOf(reader, app, table);
  if (row === undefined || form === undefined) return shown(reader, app, url, notFound(reader));
  const refusal = await save(reader, { form, row, posted });
  if (refusal === undefined) return seeOther(address(reader, `/${table}/${id}`, { saved: 'yes' }));
  const refused = { typed: posted, refusal };
  return shown(reader, app, url, await record(reader, app, { form, row, query: new URLSearchParams(), refused }));
}

function shown(reader: Reader, app: Application | undefined, url: string, screen: Screen): ApiResponse {
  return answer(screen.status ?? 200, 'text/html', page(reader, app, screen, url).toString());
}

function answer(status: number, type: string, body: string): ApiResponse {
  return { status, headers: { ...PAGE_HEADERS, 'Content-Type': `${type}; charset=utf-8` }, body };
}

const seeOther = (path: string): ApiResponse => ({ status: 303, headers: { ...PAGE_HEADERS, Location: path } });

const notFound = (reader: Reader): Screen => ({
  title: say(reader, 'Page introuvable', 'Page not found'),
  status: 404,
  body: html`<p>${say(
    reader,
    'Rien n’est à cette adresse. La fiche a peut-être été supprimée, ou Dataverse relancé : il commence toujours vide.',
    'Nothing is at this address. The record may have been deleted, or Dataverse restarted: it always begins empty.',
  )}</p>
<p><a href="${address(reader, '/')}">${say(reader, 'Ouvrir l’application', 'Open the application')}</a></p>`,
});

const notProvisioned = (reader: Reader): Screen => ({
  title: say(reader, 'Aucune application', 'No application'),
  status: 404,
  body: html`<p>${say(
    reader,
    'Cette page montre l’application que « provision » publie, et rien d’autre. Il n’y en a pas encore.',
    'This page shows the application that `provision` publishes, and nothing else. There is none yet.',
  )}</p>
<pre tabindex="0"><code>npm run connector -- provision</code></pre>`,
});

/** Read anew each time: an edit shows with the next reload. */
const asset = (name: string): string => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');

const FILES: Readonly<Record<string, { type: string; text: () => string }>> = {
  '/page.css': { type: 'text/css', text: () => asset('page.css') },
  '/page.js': { type: 'text/javascript', text: () => asset('page.js') },
};
