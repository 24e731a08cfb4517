// The rows of a table: its views, one of them shown, its charts, and a search.

import { type Application, partsOf } from './application.ts';
import { type Chart, chartOf, readChart } from './chart.ts';
import { rowsTable, withRows } from './grids.ts';
import { type HtmlContent, html } from './html.ts';
import { empty, type Screen, sendOne, tabs } from './layout.ts';
import { pager, slice } from './paging.ts';
import { address, counted, type Reader, say } from './reader.ts';
import { rowFilter } from './search.ts';
import { rowsOf, viewsOf } from './views.ts';

interface Wanted {
  readonly view: string;
  readonly chart: string;
  readonly words: string;
}

/** The list of a table; undefined for a table without a view. */
export async function list(
  reader: Reader,
  app: Application,
  table: string,
  query: URLSearchParams,
): Promise<Screen | undefined> {
  const known = viewsOf(reader, app, table);
  const view = known.find(({ id }) => id === query.get('view')) ?? known[0];
  if (view === undefined) return undefined;
  const charts = partsOf(reader, app, {
    kind: 'savedqueryvisualization',
    about: 'primaryentitytypecode',
    table,
  }).flatMap((row) => readChart(reader, row) ?? []);
  const chart = charts.find(({ id }) => id === query.get('chart'));
  const wanted: Wanted = { view: view.id, chart: chart?.id ?? '', words: query.get('q') ?? '' };
  const to = (change: Partial<Wanted> & { page?: string }) => {
    const { view: id, chart: drawn, words, page = '' } = { ...wanted, ...change };
    return address(reader, `/${table}`, { view: id, chart: drawn, q: words, page });
  };
  const names = view.columns.map(({ name }) => name);
  const body = await withRows(reader, rowsOf(reader, view), (all) => {
    const rows = all.filter(rowFilter(reader, names, wanted.words));
    const shown = slice(rows, query.get('page'));
    return [
      html`<p class="count" id="nombre">${found(reader, rows.length, wanted.words)}. ${view.description}</p>`,
      chartTabs(reader, { charts, chart, to: (id) => to({ chart: id }) }),
      chart && html`<div class="card">${chartOf(reader, chart, rows)}</div>`,
      rows.length === 0
        ? nothing(reader, to({ words: '' }), wanted.words)
        : rowsTable(reader, app, { view, rows: shown.items, name: view.name }),
      pager(reader, shown, { label: view.name, to: (page) => to({ page }) }),
    ];
  });
  const views = tabs(
    say(reader, 'Vues', 'Views'),
    known.map(({ id, name }) => ({ name, href: to({ view: id }), current: id === view.id })),
  );
  return { title: view.name, path: `/${table}`, controls: searchField(reader, table, wanted), body: [views, body] };
}

function found(reader: Reader, total: number, words: string): string {
  const rows = counted(reader, total);
  return words === '' ? rows : say(reader, `${rows} pour « ${words} »`, `${rows} for “${words}”`);
}

interface Drawable {
  readonly charts: readonly Chart[];
  readonly chart: Chart | undefined;
  readonly to: (chart: string) => string;
}

function chartTabs(reader: Reader, { charts, chart, to }: Drawable): HtmlContent {
  if (charts.length === 0) return undefined;
  const none = { name: say(reader, 'Sans graphique', 'No chart'), href: to(''), current: chart === undefined };
  const others = charts.map(({ id, name }) => ({ name, href: to(id), current: id === chart?.id }));
  return tabs(say(reader, 'Graphiques', 'Charts'), [none, ...others]);
}

function searchField(reader: Reader, table: string, { view, words, chart }: Wanted): HtmlContent {
  const kept = { view, chart, lang: reader.lang === 'en' ? 'en' : '' };
  return html`<form class="search" role="search" action="/${table}" method="get" data-live>
<label for="recherche">${say(reader, 'Rechercher dans cette vue', 'Search this view')}</label>
<div><input id="recherche" type="search" name="q" value="${words}" autocomplete="off" spellcheck="false">
${Object.entries(kept).map(([name, value]) => value !== '' && html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">${say(reader, 'Rechercher', 'Search')}</button></div>
</form>`;
}

function nothing(reader: Reader, all: string, words: string): HtmlContent {
  if (words === '') return empty(say(reader, 'Aucune ligne dans cette vue.', 'No rows in this view.'), sendOne(reader));
  return empty(
    say(reader, `Rien ne correspond à « ${words} ».`, `Nothing matches “${words}”.`),
    html`<p><a href="${all}">${say(reader, 'Voir toute la vue', 'See the whole view')}</a></p>`,
  );
}
