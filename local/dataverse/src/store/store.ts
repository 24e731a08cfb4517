// Rows in memory: one map per table, indexes kept by every write, one global row version, and an undo log instead of copies.
// Microsoft Learn, "Perform conditional operations": the ETag of a row is its versionnumber, which every write raises.

import { deadlockVictim } from '../errors.ts';
import type { Stats } from '../stats.ts';
import { History } from './history.ts';
import { isRef, type Ref, type Row, type Values } from './row.ts';
import { RowIndex } from './row-index.ts';
import type { Claim } from './row-locks.ts';
import { Blocked, RowLocks } from './row-locks.ts';
import type { Mode, Transaction } from './transaction.ts';

export class Store {
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #indexes = new Map<string, Map<string, RowIndex>>();
  #version = 1_000_000;
  #revision = 0;
  readonly history = new History((table, id, row) => this.#place(table, id, row));
  readonly locks: RowLocks;

  constructor(stats: Stats) {
    this.locks = new RowLocks(stats, (victim, error) => this.abort(victim, error));
  }

  /** Grows with every change of rows, and when a transaction lets others see its own. */
  get revision(): number {
    return this.#revision;
  }

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
    this.history.settle();
    return this.#tables.get(table)?.get(id);
  }

  rows(table: string): Iterable<Row> {
    this.history.settle();
    return this.#tables.get(table)?.values() ?? [];
  }

  /** Inserts or replaces a row and gives it the next version. */
  put(table: string, id: string, values: Values): Row {
    this.claim({ table, id }, 'exclusive');
    if (this.history.owner !== undefined) this.#claimTargets(this.get(table, id)?.values, values);
    this.#version += 1;
    const row: Row = { table, id, version: this.#version, values };
    this.#set(table, id, row);
    return row;
  }

  remove(table: string, id: string): void {
    this.claim({ table, id }, 'exclusive');
    this.#set(table, id, undefined);
  }

  /** Adds an index over existing and future rows; rows whose key is undefined are left out. */
  addIndex(table: string, name: string, keyOf: (row: Row) => string | undefined): void {
    const indexes = this.#indexes.get(table);
    if (indexes === undefined || indexes.has(name)) return;
    indexes.set(name, new RowIndex(keyOf, this.rows(table)));
    this.onRollback(() => indexes.delete(name));
  }

  dropIndex(table: string, name: string): void {
    const index = this.#indexes.get(table)?.get(name);
    if (index === undefined) return;
    this.#indexes.get(table)?.delete(name);
    this.onRollback(() => this.addIndex(table, name, index.keyOf));
  }

  lookup(table: string, indexName: string, key: string): Row[] {
    this.history.settle();
    const rows: Row[] = [];
    for (const id of this.#indexes.get(table)?.get(indexName)?.ids(key) ?? []) {
      const row = this.#tables.get(table)?.get(id);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Runs `work` so that a throw leaves no trace. Inside another `atomically` or a step of a transaction it joins it. */
  atomically<T>(work: () => T): T {
    return this.history.atomically(work);
  }

  /** Registers how to take back a change made elsewhere (definitions of tables and columns). */
  onRollback(step: () => void): void {
    this.history.record(step);
  }

  /** Locks a row for the running transaction, or throws `Blocked`. Work without locks goes first: who holds the row is rolled back. */
  claim(row: Ref, mode: Mode, taken?: Claim['taken']): void {
    if (this.history.owner !== undefined || this.locks.busy) {
      this.#claim({ resource: `${row.table} ${row.id}`, mode, taken });
    }
  }

  /** The same for a value of an alternate key. */
  claimKey(table: string, key: { name: string; value: string }, taken: Claim['taken']): void {
    if (this.history.owner !== undefined || this.locks.busy) {
      this.#claim({ resource: `${table} ${key.name} ${key.value}`, mode: 'exclusive', taken });
    }
  }

  /** Ends a transaction: its changes stay, or leave no trace. */
  commit(transaction: Transaction): void {
    this.history.commit(transaction);
    this.#revision += 1;
    this.locks.release(transaction, new Error('committed'));
  }

  abort(transaction: Transaction, error: Error): void {
    transaction.failure ??= error;
    this.history.rollback(transaction);
    this.locks.release(transaction, error);
  }

  #claim(claim: Claim): void {
    const { owner } = this.history;
    if (owner !== undefined) {
      if (!this.locks.acquire(owner, claim)) throw new Blocked(claim);
    } else if (claim.mode === 'exclusive') {
      for (const holder of this.locks.holders(claim.resource)) this.abort(holder, deadlockVictim(holder.processId));
    }
  }

  /** A row that a lookup begins to point to must not go away before the transaction ends. */
  #claimTargets(before: Values | undefined, after: Values): void {
    for (const [name, value] of Object.entries(after)) {
      if (!isRef(value)) continue;
      const old = before?.[name];
      if (!isRef(old) || old.id !== value.id || old.table !== value.table) this.claim(value, 'shared');
    }
  }

  #set(table: string, id: string, row: Row | undefined): void {
    this.history.record({ table, id, before: this.#tables.get(table)?.get(id), after: row });
    this.#place(table, id, row);
  }

  #place(table: string, id: string, row: Row | undefined): void {
    const rows = this.#tables.get(table);
    if (rows === undefined) throw new Error(`no table ${table}`);
    this.#revision += 1;
    const before = rows.get(id);
    for (const index of this.#indexes.get(table)?.values() ?? []) index.move(id, before, row);
    if (row === undefined) rows.delete(id);
    else rows.set(id, row);
  }
}
