// Sends to the queues with the SDK, because the output binding can neither delay a message nor let it live
// for ever.
import { type Envelope, encodeEnvelope } from '../intake/envelope.ts';
import type { Storage } from './clients.ts';
import { NOTIFICATIONS_QUEUE, SNAPSHOTS_QUEUE } from './names.ts';

/**
 * Sends an envelope to the queue of its kind. It becomes visible after a delay, in ms, and never expires: without an explicit life time,
 * storage drops a message after seven days (Microsoft Learn, "Put Message").
 */
export async function sendEnvelope({ queues }: Storage, envelope: Envelope, delayMs: number): Promise<void> {
  const text = encodeEnvelope(envelope).toString('base64');
  await queues
    .getQueueClient(envelope.kind === 'snapshot' ? SNAPSHOTS_QUEUE : NOTIFICATIONS_QUEUE)
    .sendMessage(text, { visibilityTimeout: Math.ceil(delayMs / 1000), messageTimeToLive: -1 });
}
