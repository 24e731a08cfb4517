// Notifications that nobody takes: storage drops what the receiver queued after seven days, so the timer puts it again.
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Log } from '../log.ts';
import type { Storage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';

const DAY_MS = 86_400_000;
/** A message is put again when it has less than this to live: a timer that fails for a day still comes in time. */
const NEAR_END_MS = 2 * DAY_MS;
/** Then it was put so long ago. Older ones without an end are put again too: a look shows only what is in front of the queue. */
const LONG_AGO_MS = 5 * DAY_MS;
/** As many messages as one call may show or take (Microsoft Learn, "Peek Messages" and "Get Messages"). */
const BATCH = 32;
/** A message stays hidden so long while it is put again, in seconds. */
const HIDDEN_S = 120;
/** One run ends after this, below the function's time-out of two minutes (host.json); the next one goes on. */
const RUN_MS = 60_000;

/**
 * Puts the messages of the notifications queue again that are within two days of their end: the same envelope, so that
 * its age still counts from the receipt, without an end (as {@link sendEnvelope} does). Each is deleted only when its
 * copy is there: an interruption leaves two of them, which come to the same.
 *
 * @returns how many were put again
 */
export async function renewMessages(storage: Storage, { now, log }: { now: () => number; log: Log }): Promise<number> {
  const queue = storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
  if (!(await queue.exists())) return 0;
  const { approximateMessagesCount: waiting = 0 } = await queue.getProperties();
  const begunAt = now();
  let renewed = 0;
  while (renewed < waiting && now() - begunAt < RUN_MS) {
    const old = Math.min(await countOld(queue, now()), waiting - renewed);
    if (old === 0) break;
    // No more than that: a message taken in vain comes nearer to the count at which the host gives it up.
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: old,
      visibilityTimeout: HIDDEN_S,
    });
    // A worker took them in between.
    if (receivedMessageItems.length === 0) break;
    await Promise.all(receivedMessageItems.map((message) => putAgain(queue, message)));
    renewed += receivedMessageItems.length;
  }
  if (renewed > 0) log('warn', 'watch.renewed', { renewed });
  return renewed;
}

/** How many of the next messages are to be put again; a look takes none of them. */
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
