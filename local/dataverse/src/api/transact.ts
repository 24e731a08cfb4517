// A change set or a single write as one transaction: at once, or step by step under row locks.
// Microsoft Learn, "Execute batch operations": a change set is atomic. Reads take no lock and see what is committed.

import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ApiContext } from '../call/message.ts';
import { DataverseError } from '../errors.ts';
import { countRollback } from '../stats.ts';
import type { Steps } from '../steps.ts';
import { Blocked } from '../store/row-locks.ts';
import { Transaction } from '../store/transaction.ts';

/** Runs all works or none; a refusal of one is thrown after the others are taken back. */
export function* transact<T>(context: ApiContext, works: readonly (() => T)[]): Steps<T[]> {
  const { store, settings, stats } = context.organization;
  try {
    const results = settings.current.rowLocks
      ? yield* underLocks(context, works)
      : store.atomically(() => {
          const results = works.map((work) => work());
          context.beforeCommit?.();
          return results;
        });
    stats.commits += 1;
    return results;
  } catch (error) {
    countRollback(stats, error instanceof DataverseError ? error.code : undefined);
    throw error;
  }
}

let transactions = 0;

function* underLocks<T>(context: ApiContext, works: readonly (() => T)[]): Steps<T[]> {
  const { store, settings } = context.organization;
  const transaction = new Transaction(transactions);
  transactions += 1;
  try {
    const results: T[] = [];
    for (const [index, work] of works.entries()) {
      if (index > 0) yield pause(settings.current.lockStepMs);
      results.push(yield* attempt(context, transaction, work));
    }
    if (context.beforeCommit !== undefined) store.history.step(transaction, context.beforeCommit);
    store.commit(transaction);
    return results;
  } catch (error) {
    store.abort(transaction, error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** One part, again from its beginning after each wait: it then sees what the others have committed. */
function* attempt<T>({ organization }: ApiContext, transaction: Transaction, work: () => T): Steps<T> {
  const { store, settings, stats } = organization;
  for (;;) {
    if (transaction.failure !== undefined) throw transaction.failure;
    try {
      return store.history.step(transaction, work);
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      stats.lockWaits += 1;
      yield store.locks.wait(transaction, error.claim, settings.current.lockTimeoutMs);
      const refusal = error.claim.taken?.();
      if (refusal !== undefined) throw refusal;
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds === 0 ? setImmediate() : setTimeout(milliseconds);
}
