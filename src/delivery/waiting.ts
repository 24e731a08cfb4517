// What waits on a queue, and since when.
import type { QueueClient } from '@azure/storage-queue';
import type { Storage } from '../storage/clients.ts';
import { readQueueText } from './envelope-reader.ts';

/** The most messages that one request may peek at (Microsoft Learn, "Peek Messages"). */
const PEEK = 32;

export interface Waiting {
  /** Messages, including those put back for later. */
  readonly count: number;
  /** When the oldest of those at the head arrived, in ms since 1970; those put back for later are not seen. */
  readonly oldest: number | undefined;
}

/** Looks into a queue without taking anything from it. One that does not exist is empty. */
export async function lookInto({ queues }: Storage, name: string): Promise<Waiting> {
  const queue = queues.getQueueClient(name);
  if (!(await queue.exists())) return { count: 0, oldest: undefined };
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  return { count: approximateMessagesCount, oldest: await oldestAt(queue) };
}

/** When the oldest message at the head of a queue arrived. */
async function oldestAt(queue: Pick<QueueClient, 'peekMessages'>): Promise<number | undefined> {
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: PEEK });
  // A message put back is new to storage; its envelope tells when it came, or was let go again.
  const times = peekedMessageItems.map(({ messageText, insertedOn }) => {
    const envelope = readQueueText(messageText);
    return envelope?.replayedAt ?? envelope?.receivedAt ?? insertedOn.getTime();
  });
  return times.length === 0 ? undefined : Math.min(...times);
}
