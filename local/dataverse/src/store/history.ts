// What was changed and not committed yet: to take it back, and to hide it from others.
// Between two steps of a transaction its changes leave the rows as soon as anyone else looks, and return with its next step;
// so every reader finds committed rows (read committed snapshot) without a second copy of them.

import type { Change } from './change.ts';
import type { Row } from './row.ts';
import type { Transaction } from './transaction.ts';

export class History {
  readonly #place: (table: string, id: string, row: Row | undefined) => void;
  /** Changes of the step that runs now. */
  #log: Change[] | undefined;
  #owner: Transaction | undefined;
  /** The transaction whose changes are among the rows. */
  #present: Transaction | undefined;

  constructor(place: (table: string, id: string, row: Row | undefined) => void) {
    this.#place = place;
  }

  /** The transaction that runs now; undefined for work that takes no locks. */
  get owner(): Transaction | undefined {
    return this.#owner;
  }

  record(change: Change): void {
    this.#log?.push(change);
  }

  /** Before a look at the rows: outside a step, only committed ones are there. Definitions are not hidden. */
  settle(): void {
    if (this.#present === undefined || this.#log !== undefined) return;
    this.#undo(this.#present.changes, { from: 0, definitions: false });
    this.#present = undefined;
  }

  /** Runs `work` so that a throw leaves no trace. Inside a step it joins it. */
  atomically<T>(work: () => T): T {
    if (this.#log !== undefined) return work();
    this.settle();
    return this.#logged([], work);
  }

  /** The same for one step of a transaction, which sees its own earlier steps. A throw takes back this step only. */
  step<T>(transaction: Transaction, work: () => T): T {
    this.#bring(transaction);
    this.#owner = transaction;
    try {
      return this.#logged(transaction.changes, work);
    } finally {
      this.#owner = undefined;
    }
  }

  commit(transaction: Transaction): void {
    this.#bring(transaction);
    this.#present = undefined;
    transaction.changes.length = 0;
  }

  rollback(transaction: Transaction): void {
    const rows = this.#present === transaction;
    this.#undo(transaction.changes, { from: 0, rows });
    if (rows) this.#present = undefined;
    transaction.changes.length = 0;
  }

  #logged<T>(log: Change[], work: () => T): T {
    const from = log.length;
    this.#log = log;
    try {
      return work();
    } catch (error) {
      this.#undo(log, { from });
      log.length = from;
      throw error;
    } finally {
      this.#log = undefined;
    }
  }

  #bring(transaction: Transaction): void {
    if (this.#present === transaction) return;
    this.settle();
    for (const change of transaction.changes) {
      if (typeof change !== 'function') this.#place(change.table, change.id, change.after);
    }
    this.#present = transaction;
  }

  #undo(changes: readonly Change[], what: { from: number; rows?: boolean; definitions?: boolean }): void {
    const { from, rows = true, definitions = true } = what;
    const log = this.#log;
    // A log that nobody reads: taking back is no change, and rows must not be put away meanwhile.
    this.#log = [];
    for (let at = changes.length - 1; at >= from; at -= 1) {
      const change = changes[at];
      if (typeof change === 'function') {
        if (definitions) change();
      } else if (change !== undefined && rows) this.#place(change.table, change.id, change.before);
    }
    this.#log = log;
  }
}
