// What travels on the queue: the signed body with what is known of its arrival, as one JSON text.
import { isUtf8 } from 'node:buffer';

/**
 * An envelope. Its keys avoid the names of a queue message's own properties (id, dequeueCount, popReceipt, …), because
 * the Functions host lets keys of a JSON message override them (WebJobs SDK, Utility.ApplyBindingData).
 */
export interface Envelope {
  readonly v: 1;
  readonly notificationId: string;
  readonly source?: string;
  /** When the request arrived, in ms since 1970: the tie-breaker between snapshots of one second. */
  readonly receivedAt: number;
  readonly content: Content;
  /** How often delivery failed before. */
  readonly attempt?: number;
  /** When delivery first failed, in ms since 1970. */
  readonly firstFailedAt?: number;
  /** When somebody took it out of quarantine, in ms since 1970: its age counts anew. */
  readonly replayedAt?: number;
}

/** The body: as text, as base64 when it is not UTF-8, or the name of the blob that holds it. */
export type Content = { readonly text: string } | { readonly base64: string } | { readonly blob: string };

/**
 * The longest envelope in bytes: Azure Storage takes 64 KiB of base64 in a queue message, which is 49,152 bytes
 * (Microsoft Learn: "Scalability and performance targets for Queue Storage").
 */
export const MAX_ENVELOPE_BYTES = 48_000;

/** The body as it goes into an envelope, byte for byte. */
export function contentOf(body: Buffer): Content {
  return isUtf8(body) ? { text: body.toString('utf8') } : { base64: body.toString('base64') };
}

/** The bytes of an envelope as the queue output takes them: only a Buffer passes the host unchanged. */
export function encodeEnvelope(envelope: Envelope): Buffer {
  return Buffer.from(JSON.stringify(envelope), 'utf8');
}
