// Queue output bindings: encode, create the queue on first need.
import type { QueueServiceClient } from '@azure/storage-queue';

export type MessageEncoding = 'base64' | 'none';

export interface Queues {
  /**
   * Rejects when storage refuses: the account is away, or the encoded message exceeds 64 KiB
   * (Microsoft Learn, "Put Message": 49,152 bytes when encoded in base64).
   */
  send(service: QueueServiceClient, queueName: string, body: Uint8Array): Promise<void>;
  /** The text as it is, without encoding; wakes who listens to that poison queue in the same host. */
  sendPoison(service: QueueServiceClient, queueName: string, text: string): Promise<void>;
  /** SharedQueueWatcher.cs: a move to a poison queue wakes its listeners. An output to a queue does not. */
  onPoison(queueName: string, wake: () => void): void;
}

export function createQueues(encoding: MessageEncoding): Queues {
  const watchers = new Map<string, (() => void)[]>();

  return {
    send: (service, queueName, body) => put(service, queueName, encodeMessage(body, encoding)),
    async sendPoison(service, queueName, text) {
      await put(service, queueName, text);
      for (const wake of watchers.get(queueName) ?? []) wake();
    },
    onPoison(queueName, wake) {
      watchers.set(queueName, [...(watchers.get(queueName) ?? []), wake]);
    },
  };
}

async function put(service: QueueServiceClient, queueName: string, text: string): Promise<void> {
  const queue = service.getQueueClient(queueName);
  try {
    await queue.sendMessage(text);
  } catch (error) {
    if (!isQueueNotFound(error)) throw error;
    await queue.createIfNotExists();
    await queue.sendMessage(text);
  }
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
