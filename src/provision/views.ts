// How views are described, and what Dataverse is given of them.
// Source of the properties and of both XML forms: Microsoft Learn, "Customize views" (model-driven apps).

import type { Text } from '../schema/shape.ts';
import { viewId } from './app/part-names.ts';
import { type Element, el, writeXml } from './app/xml.ts';

interface ViewColumn {
  readonly name: string;
  /** In pixels. */
  readonly width: number;
}

export interface View {
  /** Unique among the views of the table; the id is derived from it, so that a view that people renamed is found again. */
  readonly key: string;
  readonly name: Text;
  readonly description: Text;
  readonly columns: readonly ViewColumn[];
  readonly order: { readonly column: string; readonly descending: boolean };
  /** Conditions that all hold. */
  readonly filter: readonly Element[];
  /** One or several: the rows of other tables that count. */
  readonly join?: Element | readonly Element[];
  /** Rows that have none of these: an outer join, and the primary key of its table. */
  readonly without?: { readonly join: Element; readonly key: string };
  readonly distinct?: true;
}

/** A table as views and forms see it. */
export interface ViewedTable {
  readonly table: string;
  readonly key: string;
  readonly primaryName: string;
}

/** A condition; several values are listed. */
export function where(attribute: string, operator: string, ...values: readonly (string | number)[]): Element {
  const [value] = values;
  if (values.length <= 1) return el('condition', { attribute, operator, value });
  return el(
    'condition',
    { attribute, operator },
    values.map((one) => el('value', {}, [String(one)])),
  );
}

export const anyOf = (...conditions: readonly Element[]): Element => el('filter', { type: 'or' }, conditions);

export const columns = (...list: readonly (readonly [string, number])[]): readonly ViewColumn[] =>
  list.map(([name, width]) => ({ name, width }));

export const idOfView = ({ table }: ViewedTable, { key }: View): string => viewId(table, key);

/** The query of a view. */
export function fetchXml({ table, key }: ViewedTable, view: View): string {
  const { without } = view;
  const attributes = [...new Set([...view.columns.map(({ name }) => name), key])];
  const entity = el('entity', { name: table }, [
    ...attributes.map((name) => el('attribute', { name })),
    el('order', { attribute: view.order.column, descending: view.order.descending }),
    el('filter', { type: 'and' }, [...view.filter, ...(without === undefined ? [] : [absent(without)])]),
    ...[view.join ?? []].flat(),
    ...(without === undefined ? [] : [without.join]),
  ]);
  const shape = {
    version: '1.0',
    'output-format': 'xml-platform',
    mapping: 'logical',
    distinct: view.distinct === true,
  };
  return writeXml(el('fetch', shape, [entity]));
}

/** Microsoft Learn, "Filter rows using FetchXml", "Use outer joins to filter on related rows". */
const absent = ({ join, key }: NonNullable<View['without']>): Element =>
  el('condition', { entityname: join.attributes['alias'], attribute: key, operator: 'null' });

/** How a view is shown. `objectTypeCode` is the number of the table, which differs between environments for our own. */
export function layoutXml({ key, primaryName }: ViewedTable, view: View, objectTypeCode: number): string {
  const cells = view.columns.map(({ name, width }) => el('cell', { name, width }));
  const row = el('row', { name: 'result', id: key }, cells);
  const grid = { name: 'resultset', object: objectTypeCode, jump: primaryName, select: 1, preview: 1, icon: 1 };
  return writeXml(el('grid', grid, [row]));
}
