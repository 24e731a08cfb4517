// When to try again: Dataverse's own wish first, else ever later.
import type { Failure } from '../dataverse/failure.ts';

const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 3_600_000;
/** Spreads messages that failed together. */
const JITTER = 0.2;

/**
 * The delay before the next attempt, in ms: `Retry-After` when Dataverse gave one, else 30 s × 2ⁿ up to an hour; 20 %
 * of jitter in both cases, never earlier than asked.
 *
 * @param attempt how often delivery failed before
 * @param chance a number from 0 to 1
 */
export function retryDelay({ retryAfterMs }: Failure, attempt: number, chance: number): number {
  if (retryAfterMs !== undefined) return Math.round(retryAfterMs * (1 + JITTER * chance));
  const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempt, 20), LONGEST_DELAY_MS);
  return Math.round(delay * (1 + JITTER * (2 * chance - 1)));
}
