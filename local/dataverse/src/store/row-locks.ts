// Locks on rows and on key values: shared or exclusive, first come first served, cycles broken at once.
// Microsoft Learn, "Transaction Locking and Row Versioning Guide" (SQL Server). The platform's own locks are not documented
// [inference: an exclusive lock on each written row, a shared one on each row that a written lookup points to, all until the end].

import { deadlockVictim, sqlTimeout } from '../errors.ts';
import type { Stats } from '../stats.ts';
import { conflict, findCycle } from './deadlock.ts';
import type { Lock, Mode, Transaction, Waiter } from './transaction.ts';

export interface Claim {
  readonly resource: string;
  readonly mode: Mode;
  /** Asked after a wait: the refusal of an insert that came second. */
  readonly taken?: (() => Error | undefined) | undefined;
}

/** Thrown out of a step that needs a lock held by another: the step is taken back and runs again after the wait. */
export class Blocked extends Error {
  readonly claim: Claim;

  constructor(claim: Claim) {
    super(`blocked on ${claim.resource}`);
    this.claim = claim;
  }
}

export class RowLocks {
  readonly #locks = new Map<string, Lock>();
  readonly #stats: Pick<Stats, 'deadlocks'>;
  readonly #abort: (victim: Transaction, error: Error) => void;

  /** `abort` takes back the victim and releases its locks. */
  constructor(stats: Pick<Stats, 'deadlocks'>, abort: (victim: Transaction, error: Error) => void) {
    this.#stats = stats;
    this.#abort = abort;
  }

  get busy(): boolean {
    return this.#locks.size > 0;
  }

  holders(resource: string): Transaction[] {
    return [...(this.#locks.get(resource)?.holders.keys() ?? [])];
  }

  /** True when the lock is held now; false when it needs a wait. */
  acquire(owner: Transaction, { resource, mode }: Claim): boolean {
    const lock = this.#lock(resource);
    const held = lock.holders.get(owner);
    if (held === 'exclusive' || held === mode) return true;
    // One that holds the row already does not queue behind those who wait for it.
    const behind = held === undefined && lock.queue.some((waiter) => conflict(waiter.mode, mode));
    if (behind || !isFree(lock, owner, mode)) return false;
    this.#give(lock, owner, mode);
    return true;
  }

  /** Resolves when the lock is held. Rejects when the owner is the youngest of a cycle, or after the time-out. */
  wait(owner: Transaction, claim: Claim, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const lock = this.#lock(claim.resource);
      const waiter: Waiter = { owner, mode: claim.mode, lock, resolve, reject };
      if (lock.holders.has(owner)) lock.queue.unshift(waiter);
      else lock.queue.push(waiter);
      owner.waiting = waiter;
      waiter.timer = setTimeout(() => this.#giveUp(waiter, sqlTimeout()), timeoutMs).unref();
      for (let cycle = findCycle(owner); cycle !== undefined; cycle = findCycle(owner)) {
        const victim = cycle.reduce((youngest, other) => (other.age > youngest.age ? other : youngest));
        this.#stats.deadlocks += 1;
        this.#abort(victim, deadlockVictim(victim.processId));
      }
    });
  }

  /** Ends all that the transaction holds or waits for. */
  release(owner: Transaction, error: Error): void {
    if (owner.waiting !== undefined) this.#giveUp(owner.waiting, error);
    for (const resource of owner.held) {
      const lock = this.#lock(resource);
      lock.holders.delete(owner);
      this.#serve(lock);
    }
    owner.held.clear();
  }

  #lock(resource: string): Lock {
    const known = this.#locks.get(resource);
    if (known !== undefined) return known;
    const lock: Lock = { resource, holders: new Map(), queue: [] };
    this.#locks.set(resource, lock);
    return lock;
  }

  #give(lock: Lock, owner: Transaction, mode: Mode): void {
    lock.holders.set(owner, mode);
    owner.held.add(lock.resource);
  }

  #giveUp(waiter: Waiter, error: Error): void {
    this.#dequeue(waiter);
    waiter.reject(error);
    this.#serve(waiter.lock);
  }

  #dequeue(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    waiter.lock.queue.splice(waiter.lock.queue.indexOf(waiter), 1);
    waiter.owner.waiting = undefined;
  }

  /** Gives the lock to those in front, as far as they go together. */
  #serve(lock: Lock): void {
    for (let next = lock.queue[0]; next !== undefined; next = lock.queue[0]) {
      if (!isFree(lock, next.owner, next.mode)) return;
      this.#dequeue(next);
      this.#give(lock, next.owner, next.mode);
      next.resolve();
    }
    if (lock.holders.size === 0) this.#locks.delete(lock.resource);
  }
}

function isFree(lock: Lock, owner: Transaction, mode: Mode): boolean {
  for (const [holder, held] of lock.holders) if (holder !== owner && conflict(held, mode)) return false;
  return true;
}
