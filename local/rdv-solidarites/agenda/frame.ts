// The frame of every view of the agenda, and the headers that keep a browser safe.
import { readFileSync } from 'node:fs';
import { type Html, type HtmlContent, html } from '../../page/html.ts';
import { favicon } from '../../page/icons.ts';
import type { Answer } from '../api/answer.ts';

export interface View {
  readonly title: string;
  readonly body: HtmlContent;
  readonly status?: number;
}

/** Nothing but this server's own style is loaded; nothing runs; no form leads elsewhere; nobody frames it. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

const AREAS = [
  { path: '/', name: 'Agenda' },
  { path: '/rdv/nouveau', name: 'Nouveau rendez-vous' },
  { path: '/usagers/nouveau', name: 'Nouvel usager' },
];

export function show({ title, body, status = 200 }: View, path: string, organisation: number): Answer {
  const areas = AREAS.map(({ path: area, name }) => {
    const here = area === path && html` aria-current="page"`;
    return html`<li><a href="${area}?organisation=${organisation}"${here}>${name}</a></li>`;
  });
  return page(
    status,
    html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · RDV-Solidarités local</title>
<link rel="icon" href="${favicon}">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<header class="brand sender"><a href="/">RDV-Solidarités local</a><span>Page de démonstration : ce n’est pas RDV-Solidarités</span></header>
<div class="frame">
<nav class="areas" aria-label="Principale"><ul>${areas}</ul></nav>
<main id="contenu" tabindex="-1">
<h1>${title}</h1>
<div id="vue">
${body}
</div>
</main>
</div>
</body>
</html>
`,
  );
}

/** To where the change shows: a reload then repeats nothing. */
export const seeOther = (path: string): Answer => ({ status: 303, headers: { ...HEADERS, Location: path } });

export const refuse = (status: number, words: string): Answer => ({
  status,
  headers: { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
  body: words,
});

const page = (status: number, markup: Html): Answer => ({
  status,
  headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' },
  body: markup.toString(),
});

/** The look of the other local page, and what forms need. */
export const style = (): Answer => ({
  status: 200,
  headers: { ...HEADERS, 'Content-Type': 'text/css; charset=utf-8' },
  body: ['../../page/assets/page.css', 'agenda.css']
    .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
    .join('\n'),
});
