// An index over the rows of a table: from a key to the ids of the rows that have it.

import type { Row } from './row.ts';

export class RowIndex {
  readonly keyOf: (row: Row) => string | undefined;
  readonly #ids = new Map<string, Set<string>>();

  /** Rows whose key is undefined are left out. */
  constructor(keyOf: (row: Row) => string | undefined, rows: Iterable<Row>) {
    this.keyOf = keyOf;
    for (const row of rows) this.move(row.id, undefined, row);
  }

  ids(key: string): Iterable<string> {
    return this.#ids.get(key) ?? [];
  }

  move(id: string, before: Row | undefined, after: Row | undefined): void {
    const left = before && this.keyOf(before);
    const entered = after && this.keyOf(after);
    if (left === entered) return;
    if (left !== undefined) this.#leave(left, id);
    if (entered !== undefined) this.#enter(entered, id);
  }

  #enter(key: string, id: string): void {
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, new Set([id]));
    else ids.add(id);
  }

  #leave(key: string, id: string): void {
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }
}
