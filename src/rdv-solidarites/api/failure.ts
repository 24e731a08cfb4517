// What went wrong with the sender's API, as one value that says what to do next.

/**
 * - `consent`: no usable token; an administrator must connect again.
 * - `forbidden`: the account lacks the right.
 * - `absent`: no such record.
 * - `refused`: this very request can never succeed.
 * - `unavailable`: will pass by itself; try later.
 * - `unreadable`: an answer of another form than the sender's documentation has.
 */
export type SenderFailureKind = 'consent' | 'forbidden' | 'absent' | 'refused' | 'unavailable' | 'unreadable';

export interface SenderFailure {
  readonly kind: SenderFailureKind;
  /** A code of the network, `http-503`, or our own word. */
  readonly code: string;
  readonly status?: number;
  /** How long the sender asks to wait, in ms. */
  readonly retryAfterMs?: number;
  /** The fields that a 422 names, with its codes: `target_url.host_not_allowed`. */
  readonly fields?: readonly string[];
}

/** A failed exchange with the sender. The original error is not kept as cause: it may hold addresses and values. */
export class SenderError extends Error {
  override readonly name = 'SenderError';
  readonly failure: SenderFailure;

  constructor(failure: SenderFailure) {
    super(`RDV-Solidarités: ${failure.kind}, ${failure.code}`);
    this.failure = failure;
  }
}

/** Whether an error is a failure of one of these kinds. */
export function isSenderFailure(error: unknown, ...kinds: readonly SenderFailureKind[]): error is SenderError {
  return error instanceof SenderError && kinds.includes(error.failure.kind);
}
