// The way to Dataverse within one process: so many exchanges at once, none while Dataverse asks for a pause, and few
// while it is down.
import { setTimeout } from 'node:timers/promises';
import { DataverseError, type Failure } from './failure.ts';

export interface Gate {
  /**
   * Takes a place, does the work, gives the place back.
   *
   * @throws DataverseError of kind `transient`, code `throttled` or `unavailable`, when the gate stays closed longer
   * than may be waited for here
   */
  pass<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Lets a message begin: `undefined` when it could pass within what may be waited for, else why not.
   *
   * A pause that Dataverse asked for is waited out here too, up to that limit. A message that waits keeps the host from
   * taking further ones, which stay on the queue in their order. Nothing waits for a Dataverse that is away.
   */
  begin(): Promise<Failure | undefined>;
  /**
   * Reports how an exchange ended. A pause applies to every caller.
   *
   * @param closings what `closings()` answered when the exchange began: exchanges that fail together close the gate once
   */
  tell(failure: Failure | undefined, closings?: number): void;
  /** Whether work waits because every place is taken. */
  isCrowded(): boolean;
  /** How many places there are at present. */
  places(): number;
  /** How often the gate was closed because the way failed, or its places were halved. */
  closings(): number;
  /** The clock of its pauses, in ms since any moment. */
  now(): number;
}

export interface Clock {
  /** Milliseconds since any moment, never going back. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

const REAL_CLOCK: Clock = { now: () => performance.now(), sleep: (ms) => setTimeout(ms) };

/**
 * Waiting at the gate keeps messages on the queue, where they cost nothing; the function's time-out bounds it. Longer
 * pauses end in a message put back.
 */
const LONGEST_WAIT_MS = 45_000;
/** The pause after a first failure of the way itself, doubled after each further one. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Service protection refuses what fewer places cure: the concurrency of this user, or the execution time, which places
 * spend side by side (Microsoft Learn, "Service protection API limits").
 */
const TOO_MUCH_AT_ONCE: ReadonlySet<string> = new Set(['0x80072326', '0x80072321']);
/** What one exchange in each place adds to the places after a refusal: one more after sixteen rounds. */
const GROWTH = 1 / 16;

/** Statuses of a server, or of something before it, that cannot serve: 429 says for how long itself. */
const UNAVAILABLE: ReadonlySet<number> = new Set([302, 408, 429, 502, 503, 504]);

export function createGate(places: number, clock: Clock = REAL_CLOCK): Gate {
  let inUse = 0;
  let allowed = places;
  let closedUntil = 0;
  let throttled = false;
  let failuresInARow = 0;
  let closings = 0;
  const waiting: (() => void)[] = [];

  const takePlace = async (): Promise<void> => {
    if (inUse < Math.floor(allowed)) inUse += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && inUse < Math.floor(allowed); next = waiting[0]) {
      waiting.shift();
      inUse += 1;
      next();
    }
  };
  const givePlace = (): void => {
    inUse -= 1;
    admit();
  };
  const grow = (): void => {
    allowed = Math.min(places, allowed + GROWTH / Math.floor(allowed));
    admit();
  };
  const close = (ms: number, byThrottling: boolean): void => {
    const until = clock.now() + ms;
    if (until <= closedUntil) return;
    closedUntil = until;
    throttled = byThrottling;
  };
  const reason = (left: number): Failure =>
    throttled
      ? { kind: 'transient', code: 'throttled', retryAfterMs: left }
      : { kind: 'transient', code: 'unavailable' };
  const waitForOpening = async (): Promise<void> => {
    const giveUpAt = clock.now() + LONGEST_WAIT_MS;
    for (let left = closedUntil - clock.now(); left > 0; left = closedUntil - clock.now()) {
      if (closedUntil > giveUpAt) throw new DataverseError(reason(left));
      await clock.sleep(left);
    }
  };

  return {
    pass: async (work) => {
      await takePlace();
      try {
        await waitForOpening();
        return await work();
      } finally {
        givePlace();
      }
    },
    begin: async () => {
      const tooLong = () => closedUntil - clock.now() - LONGEST_WAIT_MS;
      if (throttled && tooLong() > 0) await clock.sleep(Math.min(tooLong(), LONGEST_WAIT_MS));
      return tooLong() > 0 ? reason(closedUntil - clock.now()) : undefined;
    },
    tell: (failure, before = closings) => {
      // An error of this program tells nothing of Dataverse: neither that it is away nor that it is there.
      if (failure?.own) return;
      if (failure?.retryAfterMs !== undefined && isUnavailable(failure)) {
        close(failure.retryAfterMs, failure.status === 429);
      }
      if (failure === undefined) grow();
      if (failure !== undefined && TOO_MUCH_AT_ONCE.has(failure.code) && before >= closings) {
        closings += 1;
        allowed = Math.max(1, Math.floor(allowed / 2));
      }
      if (failure === undefined || !saysUnavailable(failure)) {
        failuresInARow = 0;
        return;
      }
      if (before < closings) return;
      closings += 1;
      close(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failuresInARow, 20), LONGEST_PAUSE_MS), false);
      failuresInARow += 1;
    },
    isCrowded: () => waiting.length > 0,
    places: () => Math.floor(allowed),
    closings: () => closings,
    now: clock.now,
  };
}

/** Whether a failure says something of the way to Dataverse, and not of one request. */
function saysUnavailable(failure: Failure): boolean {
  const { kind, status, code, retryAfterMs } = failure;
  if (kind !== 'transient') return false;
  if (status === 429) return retryAfterMs === undefined;
  // A code is Dataverse's own word: it is there.
  return !code.startsWith('0x') && (status === undefined || isUnavailable(failure));
}

function isUnavailable({ status }: Failure): boolean {
  return status !== undefined && UNAVAILABLE.has(status);
}
