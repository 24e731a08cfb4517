// Names of rows in other languages. Microsoft Learn, SetLocLabels action.

import type { Organization } from '../organization.ts';
import type { Row } from '../store/row.ts';
import type { Store } from '../store/store.ts';

const TABLE = 'localized label';

export function addLocalizedLabels(store: Store): void {
  store.addTable(TABLE);
}

type Place = Pick<Row, 'table' | 'id'>;

/** @param labels by language code */
export function putLabels(
  { store }: Organization,
  { table, id }: Place,
  column: string,
  labels: Record<string, string>,
) {
  store.put(TABLE, `${table} ${id} ${column}`, labels);
}

/** What SetLocLabels gave a column of a row in a language; undefined where it gave nothing. */
export function localized(
  { store }: Organization,
  { table, id }: Place,
  column: string,
  language: number,
): string | undefined {
  const label = store.get(TABLE, `${table} ${id} ${column}`)?.values[String(language)];
  return typeof label === 'string' ? label : undefined;
}
