// From request to queue: verify the signature, keep the notification, only then answer.
import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import { isSignature, matchingSecret, SIGNATURE_HEADER } from '../rdv-solidarites/signature.ts';
import { encodeEnvelope, sealWhole } from './envelope.ts';
import { type Secrets, SOURCE, secretsFor } from './secrets.ts';

/** A request as the receiver needs it. */
export interface IncomingRequest {
  readonly source?: string | undefined;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** An answer, always JSON: the sender takes any 2xx that holds `<html>` for a delivery (app/jobs/webhook_job.rb). */
export interface Answer {
  readonly status: 202 | 401 | 404 | 411 | 413 | 503;
  readonly jsonBody: { readonly status: string; readonly notificationId?: string; readonly reason?: string };
}

export interface Dependencies {
  readonly secrets: Secrets;
  readonly maxBodyBytes: number;
  /** Keeps a body that is too big for the queue, under the notification's id. */
  readonly storeBody: (notificationId: string, body: Buffer) => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** The answer, and the envelope to enqueue before it is sent. */
export interface Received {
  readonly answer: Answer;
  readonly message?: Buffer;
}

/**
 * Decides what becomes of a request. Only signed requests are accepted. A 202 comes with a message that the caller
 * must store before it sends the answer.
 *
 * @throws when the body is too big for the queue and blob storage refuses it: the host then answers 500
 */
export async function receive(request: IncomingRequest, dependencies: Dependencies): Promise<Received> {
  const { secrets, maxBodyBytes, log, now } = dependencies;
  const receivedAt = now();
  const source = request.source === '' ? undefined : request.source;
  const label = source !== undefined && SOURCE.test(source) ? source : undefined;
  const refuse = (status: Answer['status'], reason: string, bytes?: number): Received => {
    log(status === 503 ? 'error' : 'warn', 'notification.refused', { source: label, status, reason, bytes });
    return { answer: { status, jsonBody: { status: 'refused', reason } } };
  };

  if (source !== label) return refuse(404, 'malformed source');
  const candidates = secretsFor(secrets, source);
  if (candidates.length === 0) return refuse(503, 'no usable secret');

  // The host hands a chunked body over as an empty one (GrpcMessageConversionExtensions.cs): without this
  // answer, the cause would look like a wrong signature.
  const declared = request.headers.get('content-length');
  if (declared === null || !/^\d+$/.test(declared)) return refuse(411, 'Content-Length required');
  if (Number(declared) > maxBodyBytes) return refuse(413, 'body too large', Number(declared));
  const signature = request.headers.get(SIGNATURE_HEADER);
  if (!isSignature(signature)) return refuse(401, 'missing or wrong signature', Number(declared));
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length > maxBodyBytes) return refuse(413, 'body too large', body.length);

  const position = matchingSecret(
    candidates.map((secret) => secret.value),
    body,
    signature,
  );
  const secret = position === undefined ? undefined : candidates[position];
  if (secret === undefined) return refuse(401, 'missing or wrong signature', body.length);

  const notificationId = randomUUID();
  const arrival = { v: 1, notificationId, ...(source === undefined ? {} : { source }), receivedAt } as const;
  const whole = sealWhole(arrival, body);
  const message = whole ?? (await claimCheck());
  const stored = whole === undefined ? 'blob' : 'queue';
  log('info', 'notification.received', { notificationId, source, bytes: body.length, secret: secret.position, stored });
  return { answer: { status: 202, jsonBody: { status: 'accepted', notificationId } }, message };

  async function claimCheck(): Promise<Buffer> {
    await dependencies.storeBody(notificationId, body);
    return encodeEnvelope({ ...arrival, content: { blob: notificationId } });
  }
}
