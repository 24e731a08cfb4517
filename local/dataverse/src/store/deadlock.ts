// Who waits for whom, and the circles in it. SQL Server looks for them every few seconds; here they are found when they close.

import type { Mode, Transaction } from './transaction.ts';

export function conflict(left: Mode, right: Mode): boolean {
  return left === 'exclusive' || right === 'exclusive';
}

/** Those that must end, or give up, before the transaction goes on. */
function* blockersOf({ waiting }: Transaction): Iterable<Transaction> {
  if (waiting === undefined) return;
  const { lock, owner, mode } = waiting;
  for (const [holder, held] of lock.holders) if (holder !== owner && conflict(held, mode)) yield holder;
  for (const ahead of lock.queue) {
    if (ahead === waiting) return;
    if (conflict(ahead.mode, mode)) yield ahead.owner;
  }
}

/** Transactions that wait for each other, `start` among them. A new wait is the only way to a new cycle. */
export function findCycle(start: Transaction): Transaction[] | undefined {
  const path: Transaction[] = [];
  const seen = new Set<Transaction>();
  const leadsBack = (transaction: Transaction): boolean => {
    path.push(transaction);
    for (const blocker of blockersOf(transaction)) {
      if (blocker === start) return true;
      if (seen.has(blocker)) continue;
      seen.add(blocker);
      if (leadsBack(blocker)) return true;
    }
    path.pop();
    return false;
  };
  return leadsBack(start) ? path : undefined;
}
