// The signature that RDV-Solidarités puts on each notification (app/jobs/webhook_job.rb).
import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'x-lapin-signature';

const HEX_SHA256 = /^[0-9a-f]{64}$/i;

/** Signs a body as the sender does: lower-case hex HMAC-SHA256, the secret taken as UTF-8, over the raw bytes. */
export function sign(secret: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** Whether a header has the form of a signature. Any other header is refused without hashing the body. */
export function isSignature(header: string | null | undefined): header is string {
  return header?.length === 64 && HEX_SHA256.test(header);
}

/**
 * Says which secret signed the body.
 *
 * Every secret is tried whatever the outcome, each compared in constant time, so that the delay of an answer reveals
 * nothing. A secret that is listed twice is tried once. Upper-case hexadecimal is accepted.
 *
 * @param header the value of `X-Lapin-Signature` as received: anything, also missing
 * @returns the position of the first secret that matches, or `undefined`
 */
export function matchingSecret(
  secrets: readonly string[],
  body: Uint8Array,
  header: string | null | undefined,
): number | undefined {
  if (!isSignature(header)) return undefined;
  const received = Buffer.from(header.toLowerCase(), 'latin1');
  const isMatch = (secret: string) => timingSafeEqual(Buffer.from(sign(secret, body), 'latin1'), received);
  const matching = new Set([...new Set(secrets)].filter(isMatch));
  const position = secrets.findIndex((secret) => matching.has(secret));
  return position === -1 ? undefined : position;
}
