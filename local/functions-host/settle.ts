// What becomes of a call that settles a message: storage takes it, says that it is settled, or the host ends
// (`QueueProcessor.cs`).
import { setTimeout as sleep } from 'node:timers/promises';

/** Storage refuses what the host cannot go on without: the real host process ends. */
export class HostEnds extends Error {}

export interface SettleOptions {
  /** Milliseconds during which a call that fails is made again. */
  patience: number;
  /** The host is gone: nothing is settled any more. */
  cut: AbortSignal;
}

const PAUSE_MS = 200;

/** As {@link insist}, for a message that somebody else may have taken or deleted, or whose queue goes away. */
export const settle = (call: () => Promise<unknown>, options: SettleOptions): Promise<void> =>
  insist(async () => {
    try {
      await call();
    } catch (error) {
      if (!isSettledAlready(error)) throw error;
    }
  }, options);

/** @throws {HostEnds} when the call is refused, or fails for as long as the patience lasts. */
export async function insist(call: () => Promise<unknown>, { patience, cut }: SettleOptions): Promise<void> {
  const deadline = Date.now() + patience;
  while (!cut.aborted) {
    try {
      await call();
      return;
    } catch (error) {
      const { statusCode = 0, code = '' } = error as { statusCode?: number; code?: string };
      if (isRefusal(statusCode) || Date.now() > deadline) {
        throw new HostEnds(`A queue message could not be settled: ${statusCode} ${code}`, { cause: error });
      }
      await sleep(PAUSE_MS);
    }
  }
}

function isSettledAlready(error: unknown): boolean {
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  return statusCode === 404 || statusCode === 409 || (statusCode === 400 && code === 'PopReceiptMismatch');
}

const isRefusal = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** Refusals of a poll that end the host process; at any other failure it looks again later. */
export const endsPolling = (error: unknown): boolean =>
  [400, 401, 403].includes((error as { statusCode?: number }).statusCode ?? 0);
