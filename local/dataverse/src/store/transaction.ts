// One change set, or one single write, while it runs with row locks.

import type { Change } from './history.ts';
import type { Waiter } from './row-locks.ts';

/** SQL Server keeps the sessions up to 50 for itself. */
const FIRST_PROCESS = 52;

export class Transaction {
  /** Later is younger. */
  readonly age: number;
  readonly changes: Change[] = [];
  /** Resources that it has locked. */
  readonly held = new Set<string>();
  /** What it waits for. */
  waiting: Waiter | undefined;
  /** Why it was rolled back by others. */
  failure: Error | undefined;

  constructor(age: number) {
    this.age = age;
  }

  get processId(): number {
    return FIRST_PROCESS + (this.age % 1000);
  }
}
