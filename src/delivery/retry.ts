// When to try again: as long as Dataverse asked for, else a delay that grows with each failure.
import type { Failure } from '../dataverse/failure.ts';

const LONGEST_DELAY_MS = 3_600_000;
/** The least delay, also when `Retry-After` names no time or one that has passed, in ms. */
const LEAST_DELAY_MS = 1_000;
/** Spreads messages that failed together. */
const JITTER = 0.2;

export interface RetryCase {
  /** How often delivery failed before. */
  readonly attempt: number;
  /** The delay after the first failure, in ms. */
  readonly firstDelayMs: number;
  /** A number from 0 to 1. */
  readonly chance: number;
}

/**
 * The delay before the next attempt, in ms: `Retry-After` when Dataverse gave one, else the first delay doubled after
 * each failure, up to an hour; 20 % of jitter in both cases, never earlier than asked, and never within a second.
 */
export function retryDelay({ retryAfterMs }: Failure, { attempt, firstDelayMs, chance }: RetryCase): number {
  if (retryAfterMs !== undefined) return Math.round(Math.max(LEAST_DELAY_MS, retryAfterMs) * (1 + JITTER * chance));
  const delay = Math.min(firstDelayMs * 2 ** Math.min(attempt, 20), LONGEST_DELAY_MS);
  return Math.round(delay * (1 + JITTER * (2 * chance - 1)));
}
