// Moves messages of the poison queues, which the host gave up and which live for seven days, into quarantine.
import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { Envelope } from '../intake/envelope.ts';
import type { Log } from '../log.ts';
import { deleteBody, loadBody } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { poisonOf, QUEUES } from '../storage/names.ts';
import { readQueueText } from './envelope-reader.ts';
import { quarantine } from './quarantine.ts';

const BATCH = 32;
/** How long a message stays hidden while it is moved, in seconds. */
const HIDDEN_S = 120;

/**
 * Moves every message of the poison queues into quarantine, its bytes intact, and logs each. A message is deleted only
 * when it is kept: an interruption leaves it for the next time.
 *
 * @returns how many were moved
 */
export async function emptyPoisonQueues(storage: Storage, means: { now: () => number; log: Log }): Promise<number> {
  let moved = 0;
  for (const queue of QUEUES) moved += await emptyPoisonQueue(poisonOf(queue), storage, means);
  return moved;
}

async function emptyPoisonQueue(
  name: string,
  storage: Storage,
  { now, log }: { now: () => number; log: Log },
): Promise<number> {
  const queue = storage.queues.getQueueClient(name);
  if (!(await queue.exists())) return 0;
  let moved = 0;
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: BATCH,
      visibilityTimeout: HIDDEN_S,
    });
    if (receivedMessageItems.length === 0) return moved;
    for (const message of receivedMessageItems) {
      await keep(message);
      await queue.deleteMessage(message.messageId, message.popReceipt);
      moved += 1;
    }
  }

  async function keep({ messageText, messageId }: DequeuedMessageItem): Promise<void> {
    const envelope = readQueueText(messageText);
    const code = envelope === undefined ? 'not-an-envelope' : 'delivery-crashed';
    const reason =
      envelope === undefined
        ? 'the queue message was not written by the receiver'
        : 'the worker ended before it could say what was wrong';
    const notificationId = envelope?.notificationId ?? `message-${messageId}`;
    const attempt = envelope?.attempt ?? 0;
    await quarantine(storage, notificationId, {
      code,
      reason,
      quarantinedAt: new Date(now()).toISOString(),
      attempts: attempt,
      envelope: envelope === undefined ? null : withoutContent(envelope),
      body: await bodyOf(envelope, messageText),
    });
    log('error', 'notification.quarantined', { notificationId, source: envelope?.source, code, reason, attempt });
    if (envelope !== undefined && 'blob' in envelope.content) await deleteBody(storage, envelope.content.blob);
  }

  async function bodyOf(envelope: Envelope | undefined, messageText: string): Promise<string | null> {
    if (envelope === undefined) return Buffer.from(messageText, 'utf8').toString('base64');
    const { content } = envelope;
    if ('base64' in content) return content.base64;
    return (await loadBody(storage, content.blob))?.toString('base64') ?? null;
  }
}

function withoutContent({ content: _, ...arrival }: Envelope) {
  return arrival;
}
