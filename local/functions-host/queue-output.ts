/** Queue output bindings: encode, create the queue on first need, wake the listener of the same host. */
import type { QueueServiceClient } from '@azure/storage-queue';

export type MessageEncoding = 'base64' | 'none';

export interface Queues {
  /**
   * Rejects when storage refuses: the account is away, or the encoded message exceeds 64 KiB
   * (Microsoft Learn, "Put Message": 49,152 bytes when encoded in base64).
   */
  send(service: QueueServiceClient, queueName: string, body: Uint8Array): Promise<void>;
  /** The text as it is, without encoding: what a poison queue gets. */
  sendText(service: QueueServiceClient, queueName: string, text: string): Promise<void>;
  /** SharedQueueWatcher.cs: an output to a queue wakes the listeners of that queue in the same host. */
  onMessage(queueName: string, wake: () => void): void;
}

export function createQueues(encoding: MessageEncoding): Queues {
  const watchers = new Map<string, (() => void)[]>();

  const queues: Queues = {
    send: (service, queueName, body) => queues.sendText(service, queueName, encodeMessage(body, encoding)),
    async sendText(service, queueName, text) {
      const queue = service.getQueueClient(queueName);
      try {
        await queue.sendMessage(text);
      } catch (error) {
        if (!isQueueNotFound(error)) throw error;
        await queue.createIfNotExists();
        await queue.sendMessage(text);
      }
      for (const wake of watchers.get(queueName) ?? []) wake();
    },
    onMessage(queueName, wake) {
      watchers.set(queueName, [...(watchers.get(queueName) ?? []), wake]);
    },
  };
  return queues;
}

export function encodeMessage(body: Uint8Array, encoding: MessageEncoding): string {
  return Buffer.from(body).toString(encoding === 'base64' ? 'base64' : 'utf8');
}

/** Undefined when the text is not valid base64: somebody wrote it raw. */
export function decodeMessage(text: string, encoding: MessageEncoding): Buffer | undefined {
  if (encoding === 'none') return Buffer.from(text, 'utf8');
  // Convert.FromBase64String: white space is ignored, the padding is required.
  const compact = text.replace(/\s/g, '');
  const valid = compact.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(compact);
  return valid ? Buffer.from(compact, 'base64') : undefined;
}

export function isQueueNotFound(error: unknown): boolean {
  return (error as { code?: string }).code === 'QueueNotFound';
}
