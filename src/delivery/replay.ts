// Sends a notification of the quarantine back to the queue.
import { contentOf, type Envelope, encodeEnvelope, MAX_ENVELOPE_BYTES } from '../intake/envelope.ts';
import { storeBody } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { sendEnvelope } from '../storage/queue.ts';
import { readQuarantine, takeOut } from './quarantine.ts';

export type Replayed = 'sent' | 'gone' | 'not-a-notification';

/**
 * Sends a quarantined notification to be applied again, then takes it out of quarantine. Interrupted in between, it
 * stays there and may be sent twice: the worker applies it once.
 *
 * It keeps its receipt time, which decides its order. Its age is counted from the replay.
 */
export async function replay(storage: Storage, id: string, now: number): Promise<Replayed> {
  const item = await readQuarantine(storage, id);
  if (item === undefined) return 'gone';
  if (item.envelope === null || item.body === null) return 'not-a-notification';
  const { attempt: _, firstFailedAt: __, ...arrival } = item.envelope;
  const body = Buffer.from(item.body, 'base64');
  await sendEnvelope(storage, await pack(storage, { ...arrival, replayedAt: now }, body), 0);
  await takeOut(storage, id, item);
  return 'sent';
}

/** The envelope of a body, which goes to a blob when it is too big for the queue. */
export async function pack(
  storage: Storage,
  arrival: Omit<Envelope, 'content'>,
  body: Buffer,
  blob = arrival.notificationId,
): Promise<Envelope> {
  const whole = { ...arrival, content: contentOf(body) };
  if (encodeEnvelope(whole).length <= MAX_ENVELOPE_BYTES) return whole;
  await storeBody(storage, blob, body);
  return { ...arrival, content: { blob } };
}
