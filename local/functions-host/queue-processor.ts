/** What happens to one received message (azure-sdk-for-net, `QueueProcessor.cs` and `QueueListener.ProcessMessageAsync`). */
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueSettings } from './host-json.ts';
import { decodeMessage, type Queues } from './queue-output.ts';
import type { ReceivedMessage } from './trigger-metadata.ts';

export interface QueueTrigger {
  service: QueueServiceClient;
  queueName: string;
  settings: QueueSettings;
  queues: Queues;
  warn(message: string): void;
  /** Runs the function; resolves whether it succeeded or failed. */
  run(message: ReceivedMessage, body: Buffer): Promise<'succeeded' | 'failed'>;
}

export async function processMessage(trigger: QueueTrigger, message: ReceivedMessage): Promise<void> {
  const { settings, queueName } = trigger;
  const queue = trigger.service.getQueueClient(queueName);
  const held = { id: message.messageId, popReceipt: message.popReceipt };

  const body = decodeMessage(message.messageText, settings.messageEncoding);
  if (!body) {
    // QueueServiceClientProvider.cs, MessageDecodingFailed: moved as it is, the function never sees it.
    return moveToPoison(trigger, queue, held, message, 'it is not valid base64');
  }
  if (message.dequeueCount > settings.maxDequeueCount) {
    // The host died during the earlier attempts.
    return moveToPoison(trigger, queue, held, message, `it was received more than ${settings.maxDequeueCount} times`);
  }

  const stopRenewing = renewInvisibility(queue, held, settings.invisibility);
  const result = await trigger.run(message, body).finally(stopRenewing);

  if (result === 'succeeded') {
    await queue.deleteMessage(held.id, held.popReceipt);
  } else if (message.dequeueCount >= settings.maxDequeueCount) {
    await moveToPoison(trigger, queue, held, message, `it failed ${settings.maxDequeueCount} times`);
  } else if (poisonQueueOf(queueName)) {
    await queue.updateMessage(held.id, held.popReceipt, undefined, Math.round(settings.visibilityTimeout / 1000));
  }
  // Without a poison queue a failed message just stays invisible, "to prevent a fast infinite loop".
}

/** `<queue>-poison`, unless this is one already or the name would exceed the 63 characters of a queue name. */
export function poisonQueueOf(queueName: string): string | undefined {
  const name = `${queueName}-poison`;
  return queueName.endsWith('-poison') || name.length > 63 ? undefined : name;
}

interface Held {
  id: string;
  popReceipt: string;
}

/** A copy in the poison queue: new id, new dequeue count, the default life of 7 days. */
async function moveToPoison(
  trigger: QueueTrigger,
  queue: QueueClient,
  held: Held,
  message: ReceivedMessage,
  reason: string,
) {
  const poison = poisonQueueOf(trigger.queueName);
  if (!poison) return;
  trigger.warn(`Message '${message.messageId}' moves to queue '${poison}': ${reason}`);
  await trigger.queues.sendText(trigger.service, poison, message.messageText);
  await queue.deleteMessage(held.id, held.popReceipt);
}

/** Keeps the message invisible while its function runs; each renewal gives a new pop receipt. */
function renewInvisibility(queue: QueueClient, held: Held, invisibility: number): () => Promise<void> {
  let renewal: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    renewal = queue
      .updateMessage(held.id, held.popReceipt, undefined, invisibility / 1000)
      .then(({ popReceipt }) => {
        held.popReceipt = popReceipt ?? held.popReceipt;
      })
      .catch(() => {});
  }, invisibility / 2);
  return () => {
    clearInterval(timer);
    return renewal;
  };
}
