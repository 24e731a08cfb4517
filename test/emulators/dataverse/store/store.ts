// Rows in memory: one map per table, indexes kept by every write, one global row version, and an undo log instead of copies.
// Microsoft Learn, "Perform conditional operations": the ETag of a row is its versionnumber, which every write raises.

/** A lookup value: the row it points to. */
export interface Ref {
  readonly table: string;
  readonly id: string;
}

export type Value = string | number | boolean | null | Ref;
export type Values = Readonly<Record<string, Value | undefined>>;

/** Rows are never changed in place: a write stores a new one, so that the old one can be put back. */
export interface Row {
  readonly table: string;
  readonly id: string;
  readonly version: number;
  readonly values: Values;
}

interface Index {
  readonly keyOf: (row: Row) => string | undefined;
  readonly ids: Map<string, Set<string>>;
}

export function isRef(value: Value | undefined): value is Ref {
  return typeof value === 'object' && value !== null;
}

export class Store {
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #indexes = new Map<string, Map<string, Index>>();
  #version = 1_000_000;
  #undo: (() => void)[] | undefined;

  addTable(table: string): void {
    if (this.#tables.has(table)) return;
    this.#tables.set(table, new Map());
    this.#indexes.set(table, new Map());
    this.onRollback(() => {
      this.#tables.delete(table);
      this.#indexes.delete(table);
    });
  }

  get(table: string, id: string): Row | undefined {
    return this.#tables.get(table)?.get(id);
  }

  rows(table: string): Iterable<Row> {
    return this.#tables.get(table)?.values() ?? [];
  }

  /** Inserts or replaces a row and gives it the next version. */
  put(table: string, id: string, values: Values): Row {
    this.#version += 1;
    const row: Row = { table, id, version: this.#version, values };
    this.#set(table, id, row);
    return row;
  }

  remove(table: string, id: string): void {
    this.#set(table, id, undefined);
  }

  /** Adds an index over existing and future rows; rows whose key is undefined are left out. */
  addIndex(table: string, name: string, keyOf: (row: Row) => string | undefined): void {
    const indexes = this.#indexes.get(table);
    if (indexes === undefined || indexes.has(name)) return;
    const index: Index = { keyOf, ids: new Map() };
    for (const row of this.rows(table)) {
      const key = keyOf(row);
      if (key !== undefined) enter(index, key, row.id);
    }
    indexes.set(name, index);
    this.onRollback(() => indexes.delete(name));
  }

  dropIndex(table: string, name: string): void {
    const index = this.#indexes.get(table)?.get(name);
    if (index === undefined) return;
    this.#indexes.get(table)?.delete(name);
    this.onRollback(() => this.addIndex(table, name, index.keyOf));
  }

  lookup(table: string, indexName: string, key: string): Row[] {
    const ids = this.#indexes.get(table)?.get(indexName)?.ids.get(key);
    const rows: Row[] = [];
    for (const id of ids ?? []) {
      const row = this.get(table, id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Runs `work` so that a throw leaves no trace. Inside another `atomically` it joins it. */
  atomically<T>(work: () => T): T {
    if (this.#undo !== undefined) return work();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      this.#undo = undefined;
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** Registers how to take back a change made elsewhere (definitions of tables and columns). */
  onRollback(step: () => void): void {
    this.#undo?.push(step);
  }

  #set(table: string, id: string, row: Row | undefined): void {
    const rows = this.#tables.get(table);
    if (rows === undefined) throw new Error(`no table ${table}`);
    const before = rows.get(id);
    this.onRollback(() => this.#set(table, id, before));
    for (const index of this.#indexes.get(table)?.values() ?? []) {
      const left = before && index.keyOf(before);
      const entered = row && index.keyOf(row);
      if (left === entered) continue;
      if (left !== undefined) leave(index, left, id);
      if (entered !== undefined) enter(index, entered, id);
    }
    if (row === undefined) rows.delete(id);
    else rows.set(id, row);
  }
}

function enter(index: Index, key: string, id: string): void {
  const ids = index.ids.get(key);
  if (ids === undefined) index.ids.set(key, new Set([id]));
  else ids.add(id);
}

function leave(index: Index, key: string, id: string): void {
  const ids = index.ids.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.ids.delete(key);
}
