// The message on the queue: one JSON text that holds the signed body and the facts of its arrival.

/**
 * An envelope. Its keys avoid the names of a queue message's own properties (id, dequeueCount, popReceipt, …), because
 * the Functions host lets keys of a JSON message override them (WebJobs SDK, Utility.ApplyBindingData).
 */
export interface Envelope {
  readonly v: 1;
  readonly notificationId: string;
  /** Of a record read at the sender's API, which nobody signed; absent for a notification. */
  readonly kind?: 'snapshot';
  readonly source?: string;
  /** When the request arrived, in ms since 1970: the tie-breaker between snapshots of one second. */
  readonly receivedAt: number;
  readonly content: EnvelopeContent;
  /** How often delivery failed before. */
  readonly attempt?: number;
  /** How many of these failures were errors of the connector itself. */
  readonly ownFailures?: number;
  /** When delivery first failed, in ms since 1970. */
  readonly firstFailedAt?: number;
  /** When somebody took it out of quarantine, in ms since 1970: its age counts from then on. */
  readonly replayedAt?: number;
}

/**
 * The body in base64, or the name of the blob that holds it. There is no form as text: making a JSON string of a body
 * takes twice the time of its signature.
 */
export type EnvelopeContent = { readonly base64: string } | { readonly blob: string };

/**
 * The longest envelope in bytes: Azure Storage takes 64 KiB of base64 in a queue message, which is 49,152 bytes
 * (Microsoft Learn: "Scalability and performance targets for Queue Storage").
 */
export const MAX_ENVELOPE_BYTES = 48_000;

/** The body as it goes into an envelope, byte for byte. */
export function contentOf(body: Buffer): EnvelopeContent {
  return { base64: body.toString('base64') };
}

/**
 * The bytes of an envelope as the queue output takes them: only a Buffer passes the host unchanged.
 *
 * Base64 is written in place, because JSON.stringify would look for quotes in each of its characters.
 */
export function encodeEnvelope({ content, ...arrival }: Envelope): Buffer {
  if (!('base64' in content)) return Buffer.from(JSON.stringify({ ...arrival, content }), 'utf8');
  const before = Buffer.from(`${JSON.stringify(arrival).slice(0, -1)},"content":{"base64":"`, 'utf8');
  const after = '"}}';
  const message = Buffer.allocUnsafe(before.length + content.base64.length + after.length);
  before.copy(message);
  message.write(content.base64, before.length, 'latin1');
  message.write(after, before.length + content.base64.length, 'latin1');
  return message;
}

/** An envelope that holds the body, or `undefined` when the queue would refuse its length. */
export function sealWhole(arrival: Omit<Envelope, 'content'>, body: Buffer): Buffer | undefined {
  if (body.length > MAX_ENVELOPE_BYTES) return undefined;
  const message = encodeEnvelope({ ...arrival, content: contentOf(body) });
  return message.length <= MAX_ENVELOPE_BYTES ? message : undefined;
}
