// Views as they were provisioned: their query, run by the Web API, and their columns.

import { type Element, el, readXml, writeXml } from '../../src/provision/app/xml.ts';
import { publishedRow } from '../dataverse/src/customization/publication.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type Application, nameIn, partsOf } from './application.ts';
import type { Reader } from './reader.ts';
import { text } from './rows.ts';
import { fetchIds } from './web-api.ts';
import { below, children } from './xml-tree.ts';

interface ViewColumn {
  readonly name: string;
  /** In pixels. */
  readonly width: number;
}

export interface View {
  readonly id: string;
  readonly table: string;
  readonly name: string;
  readonly description: string;
  readonly fetch: Element;
  /** In the order of the layout, with their logical names. */
  readonly columns: readonly ViewColumn[];
}

/** The query type of views that people choose; others are quick find, lookup and sub-grid defaults. */
const PUBLIC = 0;

export function viewsOf(reader: Reader, app: Application, table: string): readonly View[] {
  return partsOf(reader, app, { kind: 'savedquery', about: 'returnedtypecode', table })
    .filter(({ values }) => values['querytype'] === PUBLIC)
    .flatMap((row) => readView(reader, row) ?? []);
}

export function viewById(reader: Reader, id: string): View | undefined {
  const row = publishedRow(reader.organization, 'savedquery', id);
  return row && readView(reader, row);
}

function readView(reader: Reader, row: Row): View | undefined {
  const [fetch] = readXml(text(row, 'fetchxml') ?? '');
  const [layout] = readXml(text(row, 'layoutxml') ?? '');
  if (fetch === undefined || layout === undefined) return undefined;
  const columns = below(layout, 'cell').flatMap(({ attributes: { name, width } }) =>
    name === undefined ? [] : [{ name, width: Number(width) || DEFAULT_WIDTH }],
  );
  return {
    id: row.id,
    table: text(row, 'returnedtypecode') ?? '',
    name: nameIn(reader, row),
    description: nameIn(reader, row, 'description'),
    fetch,
    columns,
  };
}

const DEFAULT_WIDTH = 150;

const MAX_PAGE = 5000;

/** All rows of a view; with `related`, those whose lookup points to a row, as a sub-grid asks. @throws QueryRefused */
export async function rowsOf(
  { organization }: Reader,
  { table: name, fetch }: View,
  related?: { readonly column: string; readonly id: string },
): Promise<readonly Row[]> {
  const table = organization.schema.known(name);
  const found: Row[] = [];
  for (let page = 1; ; page += 1) {
    const query = writeXml(pageOf(fetch, { key: table.primaryId, page, related }));
    const ids = await fetchIds(organization, table, query);
    found.push(...ids.flatMap((id) => organization.store.get(name, id) ?? []));
    if (ids.length < MAX_PAGE) return found;
  }
}

interface Page {
  readonly key: string;
  readonly page: number;
  readonly related: { readonly column: string; readonly id: string } | undefined;
}

/** The query for ids alone: what columns show is read from the rows. */
function pageOf(fetch: Element, { key, page, related }: Page): Element {
  const only =
    related && el('filter', {}, [el('condition', { attribute: related.column, operator: 'eq', value: related.id })]);
  const entities = children(fetch).map((entity) => ({
    ...entity,
    children: [el('attribute', { name: key }), ...(only ? [only] : []), ...withoutColumns(entity).children],
  }));
  const { top: _, ...attributes } = fetch.attributes;
  return el('fetch', { ...attributes, count: MAX_PAGE, page }, entities);
}

function withoutColumns(element: Element): Element {
  const inside = element.children
    .filter((one) => typeof one === 'string' || !['attribute', 'all-attributes'].includes(one.name))
    .map((one) => (typeof one === 'string' ? one : withoutColumns(one)));
  return { ...element, children: inside };
}
