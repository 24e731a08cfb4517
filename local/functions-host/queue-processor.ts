// What happens to one received message (azure-sdk-for-net, `QueueProcessor.cs` and
// `QueueListener.ProcessMessageAsync`).
import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { QueueSettings } from './host-json.ts';
import { decodeMessage, type Queues } from './queue-output.ts';
import { insist, settle } from './settle.ts';
import type { ReceivedMessage } from './trigger-metadata.ts';

export interface QueueTrigger {
  service: QueueServiceClient;
  queueName: string;
  settings: QueueSettings;
  queues: Queues;
  /** Aborted when the host is gone. */
  cut: AbortSignal;
  warn(message: string): void;
  /** Ends the host. */
  crash(error: Error): void;
  /** Runs the function; resolves whether it succeeded or failed. */
  run(message: ReceivedMessage, body: Buffer): Promise<'succeeded' | 'failed'>;
}

/** @throws {HostEnds} when storage refuses to settle the message. */
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

  const stopRenewing = renewInvisibility(queue, held, trigger);
  const result = await trigger.run(message, body).finally(stopRenewing);

  if (result === 'succeeded') {
    await settle(() => queue.deleteMessage(held.id, held.popReceipt), limits(trigger));
  } else if (message.dequeueCount >= settings.maxDequeueCount) {
    await moveToPoison(trigger, queue, held, message, `it failed ${settings.maxDequeueCount} times`);
  } else if (poisonQueueOf(queueName)) {
    // Put Message takes whole seconds; the .NET client cuts the rest.
    const seconds = Math.floor(settings.visibilityTimeout / 1000);
    await settle(() => queue.updateMessage(held.id, held.popReceipt, undefined, seconds), limits(trigger));
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
  await insist(() => trigger.queues.sendPoison(trigger.service, poison, message.messageText), limits(trigger));
  await settle(() => queue.deleteMessage(held.id, held.popReceipt), limits(trigger));
}

const limits = ({ settings, cut }: QueueTrigger) => ({ patience: settings.patience, cut });

/** Keeps the message invisible while its function runs; each renewal gives a new pop receipt. */
function renewInvisibility(queue: QueueClient, held: Held, { settings, cut }: QueueTrigger): () => Promise<void> {
  const { invisibility } = settings;
  let renewal: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    if (cut.aborted) return clearInterval(timer);
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
