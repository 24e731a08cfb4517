// From queue to Dataverse: what becomes of one message. It ends applied, unchanged, stale, ignored, put back for later,
// or in quarantine; a message that can be neither is left to the host, which delivers it again.

import { type Line, openCalls } from '../dataverse/calls.ts';
import { DeadlineError, withDeadline } from '../dataverse/deadline.ts';
import { DataverseError, type Failure, ownFailure } from '../dataverse/failure.ts';
import type { Envelope } from '../intake/envelope.ts';
import type { Log } from '../log.ts';
import { toPrint } from '../rdv-solidarites/inspect.ts';
import { type Notification, parseNotification } from '../rdv-solidarites/notification.ts';
import { handles, inspect } from '../sync/decide.ts';
import { bodyHash, shortHash } from '../sync/model/applied.ts';
import type { Outcome, Plan } from '../sync/model/plan.ts';
import type { Policy } from '../sync/model/policy.ts';
import { countsFrom } from '../sync/model/version.ts';
import { readEnvelope } from './envelope-reader.ts';
import type { Memory } from './memory.ts';
import type { QuarantineItem, Verdict } from './quarantine.ts';
import { retryDelay } from './retry.ts';
import { foreignTo } from './source-organisations.ts';
import { synchronise } from './synchronise.ts';

/** What the worker works with. */
export interface Worker {
  readonly line: Line;
  readonly memory: Memory;
  readonly policy: Policy;
  /** A notification older than this is given up, in ms since its receipt. */
  readonly maxAgeMs: number;
  /** The delay after a first failure, in ms. */
  readonly firstDelayMs: number;
  /** Lets notifications about the same record wait for each other. */
  readonly inTurn: <T>(records: readonly string[], work: () => Promise<T>) => Promise<T>;
  readonly loadBody: (name: string) => Promise<Buffer | undefined>;
  /** Removes the stored body of a notification that is settled. */
  readonly dropBody: (name: string) => Promise<void>;
  readonly quarantine: (id: string, item: QuarantineItem) => Promise<void>;
  /** Puts an envelope back on the queue, to be seen after a delay in ms. */
  readonly sendLater: (envelope: Envelope, delayMs: number) => Promise<void>;
  readonly now: () => number;
  /** A number from 0 to 1. */
  readonly chance: () => number;
}

/**
 * Delivers one message of the queue.
 *
 * @param message as the host hands it over: an object when its text was JSON
 * @throws when storage refuses to keep what could not be delivered: the message must then stay on the queue
 */
export async function deliver(message: unknown, worker: Worker, log: Log): Promise<void> {
  const envelope = readEnvelope(message);
  if (envelope === undefined) return keepUnreadable(message, worker, log);
  const begunAt = worker.now();
  // While Dataverse is known to be away there is nothing to be done but to come back.
  const closed = await worker.line.gate.begin();
  if (closed !== undefined && isYoung(envelope)) return putBack(envelope, { ...closed, kind: 'transient' });
  const body = await bodyOf(envelope, worker);
  if (body === undefined) {
    const reason = 'the stored body is no longer there: settled before, or removed by the retention rule';
    return setAside({ code: 'body-missing', reason }, envelope, undefined);
  }
  const parsed = parseNotification(body);
  if (parsed.kind === 'invalid') {
    const { model } = parsed;
    const ofUse = model === undefined || handles(model);
    return ofUse ? setAside(parsed, envelope, body) : ignore(envelope, 'model-not-handled');
  }
  if (parsed.kind === 'unknown') return ignore(envelope, parsed.reason);

  const { notification: sent } = parsed;
  const foreign = foreignTo(envelope.source, sent, worker.policy);
  if (foreign !== undefined) return setAside(foreign, envelope, body);
  const notification = { ...sent, snapshotAt: countsFrom(sent.snapshotAt, envelope.receivedAt) };
  logAhead(sent, notification, envelope);
  logSurprises(notification, envelope);
  try {
    await apply(notification, { envelope, body });
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'permanent') {
      return setAside({ code: failure.code, reason: 'Dataverse refuses the data' }, envelope, body);
    }
    if (!isYoung(envelope)) {
      return setAside({ code: failure.code, reason: 'given up after MAX_AGE' }, envelope, body);
    }
    const ownFailures = (envelope.ownFailures ?? 0) + (failure.own ? 1 : 0);
    if (ownFailures >= OWN_ATTEMPTS) {
      return setAside({ code: failure.code, reason: 'an error of the connector itself' }, envelope, body);
    }
    return putBack(failure.own ? { ...envelope, ownFailures } : envelope, { ...failure, kind: failure.kind });
  }
  await dropBody(envelope);

  function isYoung({ receivedAt, replayedAt }: Envelope): boolean {
    return worker.now() - (replayedAt ?? receivedAt) <= worker.maxAgeMs;
  }

  async function apply(notification: Notification, { envelope, body }: { envelope: Envelope; body: Buffer }) {
    const startedAt = worker.now();
    const question = {
      notification,
      policy: worker.policy,
      source: envelope.source,
      now: startedAt,
      stamp: {
        snapshotAt: notification.snapshotAt,
        receivedAt: envelope.receivedAt,
        body: bodyHash(body),
        notificationId: envelope.notificationId,
      },
    };
    const calls = openCalls(worker.line);
    const inspected = inspect(question);
    const { plan, conflicts, refused } = await withDeadline(DELIVERY_MS - (worker.now() - begunAt), (signal) =>
      worker.inTurn(inspected.reads.links, () => {
        // Given up while it waited for its turn: the message is on the queue again by now.
        signal.throwIfAborted();
        return synchronise(inspected, {
          calls,
          memory: worker.memory,
          trustMemory: envelope.replayedAt === undefined,
        });
      }),
    );
    const endedAt = worker.now();
    for (const { table, id, code } of refused) log('warn', 'dataverse.owner-refused', { table, owner: id, code });
    log('info', 'notification.done', {
      ...identify(envelope),
      model: notification.model,
      change: notification.event,
      outcome: plan.outcome,
      reasons: reasonsOf(plan),
      ...countOutcomes(plan),
      requests: calls.count,
      conflicts,
      attempt: envelope.attempt ?? 0,
      delayMs: endedAt - envelope.receivedAt,
      durationMs: endedAt - startedAt,
      cut: plan.cut,
    });
  }

  async function setAside(verdict: Verdict, envelope: Envelope, body: Buffer | undefined): Promise<void> {
    const { code, reason } = verdict;
    const { content: _, ...arrival } = envelope;
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
    await dropBody(envelope);
  }

  /** Last of all: as long as the notification may come again, so must its body. Quarantine has a copy of its own. */
  async function dropBody({ content }: Envelope): Promise<void> {
    if ('blob' in content) await worker.dropBody(content.blob);
  }

  async function putBack(envelope: Envelope, failure: RetriedFailure): Promise<void> {
    const attempt = (envelope.attempt ?? 0) + 1;
    const { firstDelayMs } = worker;
    const delayMs = retryDelay(failure, { attempt: attempt - 1, firstDelayMs, chance: worker.chance() });
    const { kind, code, status, missing } = failure;
    await worker.sendLater({ ...envelope, attempt, firstFailedAt: envelope.firstFailedAt ?? worker.now() }, delayMs);
    log('warn', 'notification.retried', { ...identify(envelope), kind, code, status, attempt, delayMs });
    if (kind === 'configuration') log('error', 'dataverse.misconfigured', { code, status, missing });
  }

  async function ignore(envelope: Envelope, reason: string): Promise<void> {
    const delayMs = worker.now() - envelope.receivedAt;
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
      delayMs,
      durationMs: 0,
      cut: [],
    });
    await dropBody(envelope);
  }

  function logAhead(sent: Notification, counted: Notification, envelope: Envelope): void {
    if (counted.snapshotAt === sent.snapshotAt) return;
    const aheadMs = Date.parse(sent.snapshotAt) - envelope.receivedAt;
    log('warn', 'notification.ahead', { ...identify(envelope), model: sent.model, aheadMs });
  }

  function logSurprises({ model, surprises }: Notification, { notificationId }: Envelope): void {
    const printed = toPrint(surprises);
    if (printed.count > 0) log('warn', 'notification.surprise', { notificationId, model, ...printed });
  }
}

/** The whole of one delivery, waiting included, in ms: below the function's time-out of two minutes (host.json). */
const DELIVERY_MS = 100_000;

/**
 * How often a notification may meet an error of the connector's own, which waiting seldom ends: longer attempts would only
 * take the time of others.
 */
const OWN_ATTEMPTS = 5;

type RetriedFailure = Failure & { readonly kind: Exclude<Failure['kind'], 'permanent'> };

function identify({ notificationId, source }: Envelope) {
  return { notificationId, source };
}

async function bodyOf({ content }: Envelope, worker: Worker): Promise<Buffer | undefined> {
  if ('text' in content) return Buffer.from(content.text, 'utf8');
  if ('base64' in content) return Buffer.from(content.base64, 'base64');
  return worker.loadBody(content.blob);
}

async function keepUnreadable(message: unknown, worker: Worker, log: Log): Promise<void> {
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

/** An error that is none of Dataverse's is our own mistake. */
function failureOf(error: unknown): Failure {
  if (error instanceof DataverseError) return error.failure;
  if (error instanceof DeadlineError) return { kind: 'transient', code: 'out-of-time' };
  return ownFailure(error);
}

const NO_OUTCOMES: Readonly<Record<Outcome, number>> = { applied: 0, unchanged: 0, stale: 0, ignored: 0 };

function countOutcomes({ records, outcome }: Plan): Record<Outcome, number> {
  const counts = { ...NO_OUTCOMES };
  if (records.length === 0) counts[outcome] += 1;
  for (const { outcome } of records) counts[outcome] += 1;
  return counts;
}

function reasonsOf({ records, reason: own }: Plan): readonly string[] {
  return [...new Set([own ?? [], records.flatMap(({ reason }) => reason ?? [])].flat())];
}
