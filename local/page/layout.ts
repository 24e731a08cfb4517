// The frame of every screen: brand, site map, command bar, and the part that updates itself.

import type { Application, Entry } from './application.ts';
import { type Html, type HtmlContent, html } from './html.ts';
import { favicon } from './icons.ts';
import { address, type Reader, say } from './reader.ts';

export interface Screen {
  readonly title: string;
  /** The entry of the site map that it belongs to. */
  readonly path?: string;
  /** What keeps its text and focus while the page updates itself: a search field. */
  readonly controls?: HtmlContent;
  readonly body: HtmlContent;
  readonly status?: number;
}

/** A whole document. `url` is the request's own: the address that "Actualiser" asks again. */
export function page(
  reader: Reader,
  app: Application | undefined,
  { title, path, controls, body }: Screen,
  url: string,
): Html {
  const name = app?.name ?? 'Dataverse local';
  return html`<!doctype html>
<html lang="${reader.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="icon" href="${app?.icon ?? favicon}">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#contenu">${say(reader, 'Aller au contenu', 'Skip to content')}</a>
<header class="brand"><a href="${address(reader, '/')}">${app?.icon && html`<img src="${app.icon}" alt="" width="24" height="24">`}${name}</a>
<span>${say(reader, 'Page de démonstration : ce n’est pas Dynamics 365', 'A demonstration page: this is not Dynamics 365')}</span>
${otherLanguage(reader, url)}</header>
<div class="frame">
<nav class="areas" aria-label="${say(reader, 'Principale', 'Main')}">${app?.groups.map((group) => groupPart(reader, group, path))}</nav>
<main id="contenu" tabindex="-1">
<div class="commands">
<a class="button" id="actualiser" href="${url}">${say(reader, 'Actualiser', 'Refresh')}</a>
<span class="live" id="direct" data-state="off">${say(reader, 'Actualisez pour voir les changements', 'Refresh to see changes')}</span>
</div>
<h1>${title}</h1>
${controls}
<div id="vue">
${body}
</div>
<p class="hidden" id="annonce" role="status" aria-live="polite"></p>
</main>
</div>
</body>
</html>
`;
}

function otherLanguage({ lang }: Reader, url: string): Html {
  const target = new URL(url, 'http://127.0.0.1');
  if (lang === 'fr') target.searchParams.set('lang', 'en');
  else target.searchParams.delete('lang');
  const [code, words] = lang === 'fr' ? ['en', 'English'] : ['fr', 'Français'];
  return html`<a class="language" id="langue" href="${target.pathname}${target.search}" hreflang="${code}" lang="${code}">${words}</a>`;
}

function groupPart(
  reader: Reader,
  { name, entries }: { name: string; entries: readonly Entry[] },
  path: string | undefined,
): Html {
  const links = entries.map((entry) => {
    const here = entry.path === path && html` aria-current="page"`;
    const icon = entry.icon && html`<img src="${entry.icon}" alt="" width="16" height="16">`;
    return html`<li><a href="${address(reader, entry.path)}"${here}>${icon}${entry.name}</a></li>`;
  });
  return html`<h2>${name}</h2><ul>${links}</ul>`;
}

/** One of several is shown, the others are a link away. */
export function tabs(label: string, items: readonly { name: string; href: string; current: boolean }[]): Html {
  return html`<nav class="tabs" aria-label="${label}"><ul>${items.map(
    ({ name, href, current }) => html`<li><a href="${href}"${current && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>`;
}

/** What to do where there is nothing to show yet. */
export function empty(words: string, next?: HtmlContent): Html {
  return html`<div class="empty"><p><strong>${words}</strong></p>${next}</div>`;
}

export const sendOne = (reader: Reader): Html =>
  html`<p>${say(reader, 'Envoyez une notification depuis un autre terminal :', 'Send a notification from another terminal:')}</p>
<pre tabindex="0"><code>npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json</code></pre>
<p>${say(reader, 'Cette page se met à jour toute seule.', 'This page updates itself.')}</p>`;
