// Counts that a load test asserts on.

export type LimitCode = '0x80072322' | '0x80072321' | '0x80072326';

export interface Stats {
  /** Victims of a deadlock, `deadlock` faults excluded. */
  deadlocks: number;
  /** Times that a part waited for a row held by another transaction. */
  lockWaits: number;
  /** Transactions ended by 0x80060882: the version is not the one of `If-Match`. */
  conflicts412: number;
  /** Transactions ended by 0x80040237 or 0x80060892: the row or the key exists. */
  duplicateKeys: number;
  /** Change sets and single writes that were kept. */
  commits: number;
  rollbacks: number;
  serviceProtection: {
    /** Requests answered 429, by code. */
    refused: Record<LimitCode, number>;
    /** Most requests served at one moment for one user. */
    maxConcurrent: number;
    /** Most requests served in one window for one user. */
    peakRequests: number;
  };
}

export function newStats(): Stats {
  return {
    deadlocks: 0,
    lockWaits: 0,
    conflicts412: 0,
    duplicateKeys: 0,
    commits: 0,
    rollbacks: 0,
    serviceProtection: {
      refused: { '0x80072322': 0, '0x80072321': 0, '0x80072326': 0 },
      maxConcurrent: 0,
      peakRequests: 0,
    },
  };
}

/** How a transaction failed. */
export function countRollback(stats: Stats, code: string | undefined): void {
  stats.rollbacks += 1;
  if (code === '0x80060882') stats.conflicts412 += 1;
  if (code === '0x80040237' || code === '0x80060892') stats.duplicateKeys += 1;
}
