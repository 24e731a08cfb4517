// A table in memory: rows by id, and the rows that share a value of an indexed column.

/** Takes what undoes a write. */
export type Remember = (undo: () => void) => void;

export class Table<K extends number | string, R extends { readonly id: K }> {
  readonly #rows = new Map<K, R>();
  readonly #index = new Map<string, Map<number, Map<K, R>>>();
  readonly #columns: readonly (keyof R & string)[];
  readonly #remember: Remember;

  constructor(remember: Remember, columns: readonly (keyof R & string)[] = []) {
    this.#remember = remember;
    this.#columns = columns;
    for (const column of columns) this.#index.set(column, new Map());
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: K): R | undefined {
    return this.#rows.get(id);
  }

  /** The row, which must be there. */
  at(id: K): R {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return row;
  }

  values(): IterableIterator<R> {
    return this.#rows.values();
  }

  /** Rows whose indexed `column` holds `value`. */
  where(column: keyof R & string, value: number): R[] {
    return [...(this.#index.get(column)?.get(value)?.values() ?? [])];
  }

  put(row: R): void {
    const before = this.#rows.get(row.id);
    this.#remember(() => (before === undefined ? this.#drop(row.id) : this.#set(before)));
    this.#set(row);
  }

  remove(id: K): void {
    const before = this.#rows.get(id);
    if (before === undefined) return;
    this.#remember(() => this.#set(before));
    this.#drop(id);
  }

  #set(row: R): void {
    this.#drop(row.id, row);
    this.#rows.set(row.id, row);
    for (const column of this.#columns) {
      const index = this.#index.get(column);
      const value = Number(row[column]);
      const rows = index?.get(value) ?? new Map<K, R>();
      index?.set(value, rows.set(row.id, row));
    }
  }

  /** @param next the row that takes the place of this one: what both share stays */
  #drop(id: K, next?: R): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    for (const column of this.#columns) {
      if (next?.[column] !== row[column]) this.#index.get(column)?.get(Number(row[column]))?.delete(id);
    }
    if (next === undefined) this.#rows.delete(id);
  }
}
