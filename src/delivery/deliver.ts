// From queue to Dataverse: what becomes of one message. It ends applied, unchanged, stale, ignored, put back for later,
// or in quarantine; a message that can be neither is left to the host, which delivers it again.

import { DeadlineError, withDeadline } from '../dataverse/deadline.ts';
import { DataverseError, type Failure, ownFailure } from '../dataverse/failure.ts';
import type { Envelope } from '../intake/envelope.ts';
import type { Log } from '../log.ts';
import { apply } from './apply.ts';
import { type Delivery, dropBody, identify, ignore, isYoung, keepUnreadable, putBack, setAside } from './endings.ts';
import { readEnvelope } from './envelope-reader.ts';
import { judge } from './judge.ts';
import type { Stay } from './room.ts';
import type { Holding, Worker } from './worker.ts';

/**
 * Delivers one message of the queue.
 *
 * @param message as the host hands it over: an object when its text was JSON
 * @throws when storage refuses to keep what could not be delivered: the message must then stay on the queue
 */
export async function deliver(message: unknown, worker: Worker, log: Log): Promise<void> {
  const envelope = readEnvelope(message);
  if (envelope === undefined) return keepUnreadable(message, worker, log);
  worker.progress.received(envelope.receivedAt, envelope.source);
  const delivery: Delivery = { envelope, worker, log, begunAt: worker.now() };
  if (worker.holding !== undefined) return keepForLater(delivery, worker.holding);
  // While Dataverse is known to be unavailable, the message is put back at once.
  const closed = await worker.dataverse.gate.begin();
  if (closed !== undefined && isYoung(delivery)) return putBack(delivery, { ...closed, kind: 'transient' });
  const stay = await enter(delivery);
  if (stay === undefined) return putBack(delivery, OUT_OF_TIME);
  try {
    await settle(delivery, stay);
  } finally {
    stay.leave();
  }
}

/** Waits until there is room for the body; undefined when that takes too long. */
async function enter({ envelope: { content }, worker }: Delivery): Promise<Stay | undefined> {
  const bytes = 'base64' in content ? (content.base64.length * 3) / 4 : STORED_BYTES;
  try {
    return await withDeadline(LONGEST_WAIT_MS, (signal) => worker.room.enter(bytes, signal));
  } catch (error) {
    if (error instanceof DeadlineError) return undefined;
    throw error;
  }
}

/** What a stored body is taken to have before it is read: the longest that the receiver takes by default. */
const STORED_BYTES = 2_000_000;
/** Less than a delivery may take as a whole, in ms. */
const LONGEST_WAIT_MS = 60_000;

async function settle(delivery: Delivery, stay: Stay): Promise<void> {
  const { envelope, worker } = delivery;
  const body = await bodyOf(envelope, worker);
  if (body === undefined) return setAside(delivery, BODY_MISSING, body);
  stay.correct(body.length);
  const judged = judge(body, delivery);
  if (judged.kind === 'ignored') return ignore(delivery, judged.reason);
  if (judged.kind === 'refused') return setAside(delivery, judged.verdict, body);
  try {
    await apply(judged.notification, body, delivery);
  } catch (error) {
    return fail(failureOf(error), body, delivery);
  }
  worker.progress.applied(worker.now());
  await dropBody(envelope.content, worker);
}

/** Nothing may be written yet. The stored body goes only when it stands beside what is held. */
async function keepForLater(delivery: Delivery, { hold, isHeld }: Holding): Promise<void> {
  const { envelope, worker, log } = delivery;
  const body = await bodyOf(envelope, worker);
  if (body === undefined) {
    // It came a second time, after it was kept.
    return (await isHeld(envelope)) ? undefined : setAside(delivery, BODY_MISSING, body);
  }
  await hold(envelope, body);
  log('info', 'notification.held', identify(envelope));
  await dropBody(envelope.content, worker);
}

/** A failure that waiting may end is tried again; the others end in quarantine. */
async function fail(failure: Failure, body: Buffer, delivery: Delivery): Promise<void> {
  const { envelope } = delivery;
  const { kind, code, own } = failure;
  if (kind === 'permanent') return setAside(delivery, { code, reason: 'Dataverse refuses the data' }, body);
  if (!isYoung(delivery)) return setAside(delivery, { code, reason: 'given up after MAX_AGE' }, body);
  if (!own) return putBack(delivery, { ...failure, kind });
  const ownFailures = (envelope.ownFailures ?? 0) + 1;
  if (ownFailures >= OWN_ATTEMPTS) {
    return setAside(delivery, { code, reason: 'an error of the connector itself' }, body);
  }
  return putBack({ ...delivery, envelope: { ...envelope, ownFailures } }, { ...failure, kind });
}

/**
 * How often a notification is tried when it meets an error of the connector itself. Waiting seldom ends such an error, and
 * further attempts would take time from other notifications.
 */
const OWN_ATTEMPTS = 5;

const BODY_MISSING = {
  code: 'body-missing',
  reason: 'the stored body is no longer there: settled before, or removed by the retention rule',
};

async function bodyOf({ content }: Envelope, worker: Worker): Promise<Buffer | undefined> {
  if ('base64' in content) return Buffer.from(content.base64, 'base64');
  return worker.loadBody(content.blob);
}

const OUT_OF_TIME = { kind: 'transient', code: 'out-of-time' } as const;

/** An error that does not come from Dataverse is our own. */
function failureOf(error: unknown): Failure {
  if (error instanceof DataverseError) return error.failure;
  if (error instanceof DeadlineError) return OUT_OF_TIME;
  return ownFailure(error);
}
