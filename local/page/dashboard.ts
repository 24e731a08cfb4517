// A dashboard: its lists and charts, each in a card.

import type { Application } from './application.ts';
import { formById } from './form.ts';
import { gridOf } from './grids.ts';
import { html } from './html.ts';
import type { Screen } from './layout.ts';
import type { Reader } from './reader.ts';

/** Undefined for an id that is no published dashboard. */
export async function dashboard(
  reader: Reader,
  app: Application,
  id: string,
  query: URLSearchParams,
): Promise<Screen | undefined> {
  const form = formById(reader, id, 'dashboard');
  if (form === undefined) return undefined;
  const path = `/dashboard/${id}`;
  const cards = form.tabs.flatMap(({ columns }) =>
    // Side by side, in the order in which they are read.
    columns.flatMap((sections, column) =>
      sections.flatMap((section, place) => section.controls.map((control) => ({ control, rank: place * 10 + column }))),
    ),
  );
  const shown = cards
    .toSorted((a, b) => a.rank - b.rank)
    .map(async ({ control }) => {
      const content = await gridOf(reader, app, control, { path, query });
      return html`<section class="card" data-key="${control.id}" aria-labelledby="${control.id}"><h2 id="${control.id}">${control.label}</h2>
${content}</section>`;
    });
  return {
    title: form.name,
    path,
    body: html`<div class="dashboard">${await Promise.all(shown)}</div>`,
  };
}
