// How a delivery ends, other than applied: in quarantine, put back for later, ignored, or settled by somebody before.
import type { Failure } from '../dataverse/failure.ts';
import type { Envelope } from '../intake/envelope.ts';
import type { Log } from '../log.ts';
import { shortHash } from '../sync/model/applied.ts';
import type { Outcome } from '../sync/model/plan.ts';
import type { Verdict } from './quarantine.ts';
import { retryDelay } from './retry.ts';
import type { Worker } from './worker.ts';

/** One message of the queue, and what works on it. */
export interface Delivery {
  readonly envelope: Envelope;
  readonly worker: Worker;
  readonly log: Log;
  /** ms since 1970 */
  readonly begunAt: number;
}

export type RetriedFailure = Failure & { readonly kind: Exclude<Failure['kind'], 'permanent'> };

export const NO_OUTCOMES: Readonly<Record<Outcome, number>> = { applied: 0, unchanged: 0, stale: 0, ignored: 0 };

export function identify({ notificationId, source }: Envelope) {
  return { notificationId, source };
}

/** Whether a notification is young enough to be tried again. */
export function isYoung({ envelope, worker }: Delivery): boolean {
  return ageOf(envelope, worker.now()) <= worker.maxAgeMs;
}

/** In ms since the receipt; one that was replayed counts from then. */
const ageOf = ({ receivedAt, replayedAt }: Envelope, now: number): number => now - (replayedAt ?? receivedAt);

/** Keeps a notification in quarantine until somebody decides. */
export async function setAside(
  { envelope, worker, log }: Delivery,
  { code, reason }: Verdict,
  body: Buffer | undefined,
): Promise<void> {
  const { content, ...arrival } = envelope;
  const attempts = envelope.attempt ?? 0;
  await worker.quarantine(envelope.notificationId, {
    code,
    reason,
    quarantinedAt: new Date(worker.now()).toISOString(),
    attempts,
    envelope: arrival,
    body: body?.toString('base64') ?? null,
  });
  log('error', 'notification.quarantined', { ...identify(envelope), code, reason, attempt: attempts });
  await dropBody(content, worker);
}

/** A delivery, as far as putting it back needs it. */
export interface PutBack extends Pick<Delivery, 'envelope' | 'log'> {
  readonly worker: Pick<Worker, 'firstDelayMs' | 'chance' | 'sendLater' | 'now'>;
}

/** Puts a notification back on the queue, to be seen after a while. */
export async function putBack({ envelope, worker, log }: PutBack, failure: RetriedFailure): Promise<void> {
  const attempt = (envelope.attempt ?? 0) + 1;
  const { firstDelayMs } = worker;
  const delayMs = retryDelay(failure, { attempt: attempt - 1, firstDelayMs, chance: worker.chance() });
  const { kind, code, status, missing } = failure;
  await worker.sendLater({ ...envelope, attempt, firstFailedAt: envelope.firstFailedAt ?? worker.now() }, delayMs);
  const ageMs = ageOf(envelope, worker.now());
  log('warn', 'notification.retried', { ...identify(envelope), kind, code, status, attempt, delayMs, ageMs });
  if (kind === 'configuration') log('error', 'dataverse.misconfigured', { code, status, missing });
}

/** Ends a notification that the connector ignores. */
export async function ignore({ envelope, worker, log }: Delivery, reason: string): Promise<void> {
  log('info', 'notification.done', {
    ...identify(envelope),
    model: 'unknown',
    change: 'unknown',
    outcome: 'ignored',
    reasons: [reason],
    ...NO_OUTCOMES,
    ignored: 1,
    requests: 0,
    conflicts: 0,
    attempt: envelope.attempt ?? 0,
    delayMs: worker.now() - envelope.receivedAt,
    durationMs: 0,
    cut: [],
    unfit: [],
  });
  await dropBody(envelope.content, worker);
}

/** Deletes the stored body. This comes last, because a notification that comes again needs it. Quarantine has its own copy. */
export async function dropBody(content: Envelope['content'], worker: Worker): Promise<void> {
  if ('blob' in content) await worker.dropBody(content.blob);
}

/** Keeps a message that is no envelope. */
export async function keepUnreadable(message: unknown, worker: Worker, log: Log): Promise<void> {
  const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? '');
  const verdict = { code: 'not-an-envelope', reason: 'the queue message was not written by the receiver' };
  const notificationId = `unreadable-${shortHash(text)}`;
  await worker.quarantine(notificationId, {
    ...verdict,
    quarantinedAt: new Date(worker.now()).toISOString(),
    attempts: 0,
    envelope: null,
    body: Buffer.from(text).toString('base64'),
  });
  log('error', 'notification.quarantined', { notificationId, ...verdict, attempt: 0 });
}
