// Messages of the queue → envelopes.
import * as z from 'zod';
import type { Envelope } from '../intake/envelope.ts';

const envelope = z.object({
  v: z.literal(1),
  notificationId: z.string().min(1).max(100),
  kind: z.literal('snapshot').exactOptional(),
  source: z.string().exactOptional(),
  receivedAt: z.number(),
  content: z.union([
    z.object({ base64: z.string().regex(/^[A-Za-z0-9+/=]*$/) }),
    z.object({ blob: z.string().min(1) }),
  ]),
  attempt: z.int().exactOptional(),
  ownFailures: z.int().exactOptional(),
  firstFailedAt: z.number().exactOptional(),
  replayedAt: z.number().exactOptional(),
}) satisfies z.ZodType<Envelope>;

/** Reads a message as the host hands it over: an object when its text was JSON. `undefined`: not one of ours. */
export function readEnvelope(message: unknown): Envelope | undefined {
  return envelope.safeParse(message).data;
}

/** Reads the text of a message as the queue itself holds it, JSON in base64. `undefined`: not one of ours. */
export function readQueueText(messageText: string): Envelope | undefined {
  try {
    return readEnvelope(JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}
