// Renews messages that no worker takes. Storage drops a queued message after seven days, so the timer enqueues it
// again.
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Log } from '../log.ts';
import type { Storage } from '../storage/clients.ts';
import { QUEUES } from '../storage/names.ts';

const DAY_MS = 86_400_000;
/**
 * A message is renewed when it has less than this left to live, in ms. A timer that fails for a day is still in time.
 */
const NEAR_END_MS = 2 * DAY_MS;
/**
 * The age at which a message is renewed, in ms. Messages that never expire are renewed at this age too: a peek shows
 * only the front of the queue, and they would hide the others there.
 */
const LONG_AGO_MS = 5 * DAY_MS;
/** As many messages as one call may show or take (Microsoft Learn, "Peek Messages" and "Get Messages"). */
const BATCH = 32;
/** Seconds for which a message stays hidden while it is renewed. */
const HIDDEN_S = 120;
/** The longest run for one queue, in ms: all end below the function's time-out of two minutes (host.json). The next run continues. */
const RUN_MS = 40_000;

/**
 * Renews the messages of the queues that storage would drop within two days. The copy has the same
 * envelope, so that its age still counts from the receipt, and never expires (see {@link sendEnvelope}). The old
 * message is deleted after its copy is stored: an interruption leaves both, and applying both gives the same rows.
 *
 * @returns how many messages were renewed
 */
export async function renewMessages(storage: Storage, { now, log }: { now: () => number; log: Log }): Promise<number> {
  let renewed = 0;
  for (const name of QUEUES) renewed += await renewQueue(storage.queues.getQueueClient(name), now);
  if (renewed > 0) log('warn', 'watch.renewed', { renewed });
  return renewed;
}

async function renewQueue(queue: QueueClient, now: () => number): Promise<number> {
  if (!(await queue.exists())) return 0;
  const { approximateMessagesCount: waiting = 0 } = await queue.getProperties();
  const begunAt = now();
  let renewed = 0;
  while (renewed < waiting && now() - begunAt < RUN_MS) {
    const old = Math.min(await countOld(queue, now()), waiting - renewed);
    if (old === 0) break;
    // Takes only as many as are due: each receipt raises the count at which the host gives a message up.
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: old,
      visibilityTimeout: HIDDEN_S,
    });
    // A worker took these messages in between.
    if (receivedMessageItems.length === 0) break;
    await Promise.all(receivedMessageItems.map((message) => putAgain(queue, message)));
    renewed += receivedMessageItems.length;
  }
  return renewed;
}

/** How many of the next messages are due. Peeking takes no message. */
async function countOld(queue: QueueClient, now: number): Promise<number> {
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: BATCH });
  return peekedMessageItems.filter(
    ({ insertedOn, expiresOn }) => expiresOn.getTime() - now < NEAR_END_MS || now - insertedOn.getTime() > LONG_AGO_MS,
  ).length;
}

async function putAgain(queue: QueueClient, { messageId, popReceipt, messageText }: DequeuedMessageItem) {
  await queue.sendMessage(messageText, { messageTimeToLive: -1 });
  await queue.deleteMessage(messageId, popReceipt);
}
