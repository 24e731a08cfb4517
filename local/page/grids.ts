// Lists and charts inside forms and dashboards.

import type { Row } from '../dataverse/src/store/row.ts';
import type { Application } from './application.ts';
import { chartById, chartOf } from './chart.ts';
import type { Control } from './form.ts';
import { headings } from './headings.ts';
import { type HtmlContent, html } from './html.ts';
import { linkTo } from './links.ts';
import { pager, slice } from './paging.ts';
import { address, counted, type Reader, say } from './reader.ts';
import { nameOf } from './rows.ts';
import { grid } from './table.ts';
import { shownValue } from './value.ts';
import { rowsOf, type View, viewById } from './views.ts';
import { QueryRefused } from './web-api.ts';
import { plainId } from './xml-tree.ts';

/** Where a list stands: its address keeps the pages of the lists beside it. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The record whose related rows are shown. */
  readonly row?: Row;
}

/** A sub-grid of a form or a part of a dashboard; nothing when its view is not there. */
export async function gridOf(reader: Reader, app: Application, control: Control, place: Place): Promise<HtmlContent> {
  const { ViewId, VisualizationId, ChartGridMode, RelationshipName, RecordsPerPage } = control.parameters;
  const view = viewById(reader, plainId(ViewId));
  if (view === undefined) return undefined;
  const chart = ChartGridMode === 'Chart' ? chartById(reader, plainId(VisualizationId)) : undefined;
  return withRows(reader, rowsFor(reader, view, RelationshipName, place.row), (rows) => {
    if (chart !== undefined) return chartOf(reader, chart, rows);
    const size = Number(RecordsPerPage) || 5;
    return pagedList(reader, app, { view, rows, name: control.label, key: control.id, size, place });
  });
}

/** Shows rows; where the query of their view is refused, that. */
export async function withRows(
  reader: Reader,
  asked: Promise<readonly Row[]>,
  show: (rows: readonly Row[]) => HtmlContent,
): Promise<HtmlContent> {
  try {
    return show(await asked);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    const words = say(reader, 'Cette vue ne peut pas être lue ici :', 'This view cannot be read here:');
    return html`<p class="alert">${words} ${error.message}</p>`;
  }
}

interface List {
  readonly view: View;
  readonly rows: readonly Row[];
  readonly name: string;
  readonly key: string;
  readonly size: number;
  readonly place: Place;
}

function pagedList(reader: Reader, app: Application, { view, rows, name, key, size, place }: List): HtmlContent {
  if (rows.length === 0) return html`<p class="count">${say(reader, 'Aucune ligne.', 'No rows.')}</p>`;
  const shown = slice(rows, place.query.get(key), size);
  const { saved: _, ...kept } = Object.fromEntries(place.query);
  const to = (page: string) => `${address(reader, place.path, { ...kept, [key]: page })}#${encodeURIComponent(key)}`;
  return [
    html`<p class="count">${counted(reader, rows.length)}</p>`,
    rowsTable(reader, app, { view, rows: shown.items, name }),
    pager(reader, shown, { label: name, to }),
  ];
}

/** The rows of a view as a table; the primary name comes first and leads to the record. */
export function rowsTable(
  reader: Reader,
  app: Application,
  { view, rows, name }: { view: View; rows: readonly Row[]; name: string },
): HtmlContent {
  const heading = headings(reader, app, view.table);
  const primary = reader.organization.schema.known(view.table).primaryName;
  const first = view.columns.find(({ name: column }) => column === primary) ?? { name: primary, width: 200 };
  const columns = [first, ...view.columns.filter((column) => column !== first)];
  return grid(
    name,
    columns.map((column) => ({ name: heading(column.name), width: column.width })),
    rows.map((row) => ({
      key: row.id,
      cells: columns.map((column) =>
        column === first ? linkTo(reader, row, nameOf(reader, row)) : shownValue(reader, row, column.name),
      ),
    })),
  );
}

/** The rows that a relationship joins to a record; without one, all rows of the view. */
async function rowsFor(reader: Reader, view: View, schemaName: string | undefined, row: Row | undefined) {
  if (!schemaName || row === undefined) return rowsOf(reader, view);
  const relationship = reader.organization.schema
    .known(view.table)
    .relationships.find((one) => one.schemaName.toLowerCase() === schemaName.toLowerCase());
  if (relationship === undefined) throw new QueryRefused(schemaName);
  return rowsOf(reader, view, { column: relationship.column, id: row.id });
}
