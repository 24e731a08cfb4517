// The frame of every view: brand, areas, command bar, and the part that updates itself.

import { type Html, type HtmlContent, html } from './html.ts';
import { favicon, icons } from './icons.ts';

export interface View {
  readonly title: string;
  readonly area?: keyof typeof AREAS;
  /** Beside the title: what can be done here. */
  readonly commands?: HtmlContent;
  /** What keeps its text and focus while the page updates itself: a search field. */
  readonly controls?: HtmlContent;
  readonly body: HtmlContent;
  readonly status?: number;
}

const AREAS = {
  contacts: { path: '/', name: 'Contacts' },
  rdv: { path: '/rdv', name: 'Rendez-vous' },
  agents: { path: '/agents', name: 'Agents' },
  links: { path: '/liens', name: 'Liens' },
} as const;

/** A whole document. `path` is the request's own, with its query: the address that "Actualiser" asks again. */
export function page({ title, area, commands, controls, body }: View, path: string): Html {
  return html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Dataverse local</title>
<link rel="icon" href="${favicon}">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<header class="brand"><a href="/">Dataverse local</a><span>Page de démonstration : ce n’est pas Dynamics 365</span></header>
<div class="frame">
<nav class="areas" aria-label="Principale"><ul>${areas(area)}</ul></nav>
<main id="contenu" tabindex="-1">
<div class="commands">
<a class="button" id="actualiser" href="${path}">Actualiser</a>
${commands}
<span class="live" id="direct" data-state="off">Actualisez pour voir les changements</span>
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

function areas(current: View['area']): Html[] {
  return Object.entries(AREAS).map(([area, { path, name }]) => {
    const here = area === current && html` aria-current="page"`;
    return html`<li><a href="${path}"${here}>${icons[area as keyof typeof AREAS]}<span>${name}</span></a></li>`;
  });
}

/** The views of a list: one is shown, the others are a link away. */
export function tabs(label: string, items: readonly { name: string; href: string; current: boolean }[]): Html {
  return html`<nav class="tabs" aria-label="${label}"><ul>${items.map(
    ({ name, href, current }) => html`<li><a href="${href}"${current && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>`;
}

/** What to do where there is nothing to show yet. */
export function empty(words: string, next?: HtmlContent): Html {
  return html`<div class="empty"><p><strong>${words}</strong></p>${next}</div>`;
}

export const sendOne = html`<p>Envoyez une notification depuis un autre terminal&nbsp;:</p>
<pre tabindex="0"><code>npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json</code></pre>
<p>Cette page se met à jour toute seule.</p>`;
