// A dashboard: its lists and charts, each in a card.

import type { Application } from './application.ts';
import { type Control, formById } from './form.ts';
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
  const card = async (
    control: Control,
  ) => html`<section class="card" data-key="${control.id}" aria-labelledby="${control.id}">
<h2 id="${control.id}">${control.label}</h2>
${await gridOf(reader, app, control, { path, query })}</section>`;
  const columns = form.tabs.flatMap((tab) => tab.columns);
  const shown = await Promise.all(
    columns.map((sections) => Promise.all(sections.flatMap(({ controls }) => controls.map(card)))),
  );
  return {
    title: form.name,
    path,
    body: html`<div class="tab dashboard">${shown.map((cards) => html`<div>${cards}</div>`)}</div>`,
  };
}
