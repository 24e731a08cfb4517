// A time limit of our own around calls to Dataverse: the HTTP library's `timeout` only measures silence.

/** Thrown by `withDeadline` when the time is over. The call may still have been carried out by Dataverse. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'DEADLINE';
  readonly ms: number;

  constructor(ms: number) {
    super(`Dataverse did not finish answering within ${ms} ms`);
    this.ms = ms;
  }
}

/**
 * Runs `call` for at most `ms` milliseconds, then aborts its signal and rejects with a `DeadlineError`.
 *
 * dynamics-web-api 2.5.0 never settles when a body stalls after its headers, or when the connection is cut in the
 * middle of a body, not even when its own signal is aborted: only a race with a timer ends the wait.
 */
export async function withDeadline<T>(ms: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new DeadlineError(ms));
    }, ms);
  });
  try {
    return await Promise.race([call(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
