// Requests to the sender: one at a time, at a steady pace, reads repeated while the sender cannot serve.
import { type Answer, readAnswer } from './answer.ts';
import { isSenderFailure, SenderError } from './failure.ts';
import { type Clock, openPace, type Pace, SYSTEM_CLOCK } from './pace.ts';

/** How requests are signed in. */
export interface SignIn {
  /** The headers that carry the sign-in. @throws SenderError of kind `consent` when there is none */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Called once after a 401 with the headers that were refused. @returns whether another try makes sense */
  renew(refused: Readonly<Record<string, string>>): Promise<boolean>;
}

export interface SenderRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/api/v1/`. Ids only: the sender keeps every path and query for a year. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly number[]>>;
  readonly body?: unknown;
  /** Statuses that are an answer and no failure. */
  readonly expected?: readonly number[];
}

/** An answer with the date of the one before it. */
export interface DatedAnswer extends Answer {
  /**
   * The `Date` of the last answer that came before this request left, in ms since 1970: what was read is at least as
   * fresh. It is the sender's own clock, whatever ours says.
   */
  readonly asOf: number | undefined;
  /** By how much that date was ahead of our clock when it came, in ms: however long ago, this is what the clocks differ by. */
  readonly apartMs: number | undefined;
}

export interface Transport {
  /** @throws SenderError */
  send(request: SenderRequest): Promise<DatedAnswer>;
}

export interface TransportOptions {
  /** The instance, without a path. */
  readonly url: string;
  readonly signIn: SignIn;
  readonly perMinute: number;
  /** Instead of `perMinute`: the pace of a chain of work items. */
  readonly pace?: Pace;
  /** For one exchange. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/** Tries after the first one, for reads only: a write may have been done although its answer was lost. */
const MORE_TRIES = 5;
const FIRST_DELAY_MS = 1000;
/** A longer wait is left to the caller. */
const LONGEST_DELAY_MS = 120_000;

export function openTransport(options: TransportOptions): Transport {
  const clock = options.clock ?? SYSTEM_CLOCK;
  const pace = options.pace ?? openPace({ perMinute: options.perMinute, clock });
  let last: Promise<unknown> = Promise.resolve();
  let dated: Pick<DatedAnswer, 'asOf' | 'apartMs'> = { asOf: undefined, apartMs: undefined };

  const exchange = async (request: SenderRequest): Promise<DatedAnswer> => {
    let headers = await options.signIn.headers();
    let renewed = false;
    for (let tries = 0; ; ) {
      await pace.turn();
      const before = dated;
      try {
        const answer = await once(request, headers, options);
        if (answer.date !== undefined) dated = { asOf: answer.date, apartMs: answer.date - clock.now() };
        return { ...answer, ...before };
      } catch (error) {
        if (!renewed && isSenderFailure(error, 'consent') && (await options.signIn.renew(headers))) {
          renewed = true;
          headers = await options.signIn.headers();
          continue;
        }
        const delayMs = delayBefore(request, error, tries);
        if (delayMs === undefined) throw error;
        await clock.sleep(delayMs);
        tries += 1;
      }
    }
  };

  return {
    send: (request) => {
      const mine = last.then(() => exchange(request));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function delayBefore({ method }: SenderRequest, error: unknown, tries: number): number | undefined {
  if (method !== 'GET' || tries >= MORE_TRIES || !isSenderFailure(error, 'unavailable')) return undefined;
  const { code, retryAfterMs = 0 } = error.failure;
  if (code === 'not-json' || retryAfterMs > LONGEST_DELAY_MS) return undefined;
  return Math.max(retryAfterMs, FIRST_DELAY_MS * 2 ** tries);
}

async function once(
  { method, path, query = {}, body, expected = [] }: SenderRequest,
  signIn: Readonly<Record<string, string>>,
  { url, timeoutMs }: TransportOptions,
): Promise<Answer> {
  const address = new URL(`/api/v1/${path}`, url);
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'object') for (const one of value) address.searchParams.append(`${name}[]`, `${one}`);
    else address.searchParams.set(name, `${value}`);
  }
  const headers = { ...signIn, accept: 'application/json', 'user-agent': 'rdv-solidarites-dynamics' };
  return attemptFetch(address, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
    expected,
  });
}

interface Patience {
  readonly timeoutMs: number;
  readonly expected?: readonly number[];
}

/**
 * One exchange within its time, body included. Redirects are never followed: they would carry the sign-in elsewhere.
 *
 * @throws SenderError
 */
export async function attemptFetch(
  address: URL,
  { timeoutMs, expected = [], ...init }: RequestInit & Patience,
): Promise<Answer> {
  try {
    const response = await fetch(address, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    return await readAnswer(response, expected);
  } catch (error) {
    if (error instanceof SenderError) throw error;
    throw new SenderError({ kind: 'unavailable', code: codeOf(error) });
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'network';
  if (error.name === 'TimeoutError') return 'time-out';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'network';
}
