// One change set, or one single write, while it runs with row locks; what it holds and waits for.

import type { Change } from './change.ts';

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

export type Mode = 'shared' | 'exclusive';

export interface Waiter {
  readonly owner: Transaction;
  readonly mode: Mode;
  readonly lock: Lock;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
}

export interface Lock {
  readonly resource: string;
  readonly holders: Map<Transaction, Mode>;
  readonly queue: Waiter[];
}
