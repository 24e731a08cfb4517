// Measures how much is waiting, and for how long. Alerts are made from its log line.
import { readQueueText } from '../delivery/envelope-reader.ts';
import { listQuarantine } from '../delivery/quarantine.ts';
import type { Storage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE, POISON_QUEUE } from '../storage/names.ts';

export interface Depth {
  /** Messages on the queue, including those put back for later. */
  readonly queueDepth: number;
  /** Age of the oldest notification at the head of the queue, since its receipt; 0 for an empty queue. */
  readonly oldestMessageAgeSeconds: number;
  readonly poisonCount: number;
  /** Without what somebody set aside in Dynamics. */
  readonly quarantineCount: number;
  readonly oldestQuarantineAgeSeconds: number;
}

/** The most messages that one request may peek at (Microsoft Learn, "Peek Messages"). */
const PEEK = 32;

/** Measures the queues and the quarantine. @param now ms since 1970 */
export async function measureDepth(storage: Storage, now: number): Promise<Depth> {
  const [queue, poison, quarantined] = await Promise.all([
    lookInto(storage, NOTIFICATIONS_QUEUE),
    lookInto(storage, POISON_QUEUE),
    listQuarantine(storage).then((entries) => entries.filter(({ discarded }) => !discarded)),
  ]);
  const since = (time: number | undefined) => (time === undefined ? 0 : Math.max(0, Math.round((now - time) / 1000)));
  return {
    queueDepth: queue.count,
    oldestMessageAgeSeconds: since(queue.oldest),
    poisonCount: poison.count,
    quarantineCount: quarantined.length,
    oldestQuarantineAgeSeconds: since(quarantined[0]?.quarantinedAt.getTime()),
  };
}

/** How many messages a queue has, and the oldest receipt at its head in ms since 1970. */
export async function lookInto(
  { queues }: Storage,
  name: string,
): Promise<{ count: number; oldest: number | undefined }> {
  const queue = queues.getQueueClient(name);
  if (!(await queue.exists())) return { count: 0, oldest: undefined };
  const { approximateMessagesCount = 0 } = await queue.getProperties();
  const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: PEEK });
  // A message put back is new to storage; its envelope tells when the notification came.
  const times = peekedMessageItems.map(
    ({ messageText, insertedOn }) => readQueueText(messageText)?.receivedAt ?? insertedOn.getTime(),
  );
  return { count: approximateMessagesCount, oldest: times.length === 0 ? undefined : Math.min(...times) };
}
