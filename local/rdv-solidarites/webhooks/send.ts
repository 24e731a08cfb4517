// One delivery (app/jobs/webhook_job.rb): signed, ten seconds, no redirect; and what the sender takes for success.
import { createHmac } from 'node:crypto';

export interface Delivery {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
}

/** How the receiver answered; `status` 0: it did not. */
export interface Received {
  readonly status: number;
  readonly body: string;
  readonly timedOut: boolean;
}

export type Outcome = 'delivered' | 'failed';

/** Typhoeus `timeout`: the whole request (webhook_job.rb:4,25). */
export const DELIVERY_TIMEOUT_MS = 10_000;

export async function post({ url, secret, body }: Delivery, timeoutMs: number): Promise<Received> {
  const bytes = Buffer.from(body, 'utf8');
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-Lapin-Signature': createHmac('sha256', secret).update(bytes).digest('hex'),
        'User-Agent': 'Typhoeus - https://github.com/typhoeus/typhoeus',
      },
      body: bytes,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: await response.text(), timedOut: false };
  } catch (error) {
    return { status: 0, body: '', timedOut: error instanceof Error && error.name === 'TimeoutError' };
  }
}

const DROME = [
  "Can't update appointment",
  'Appointment already deleted',
  "Appointment id doesn't exist",
  "Can't create appointment",
];

/**
 * 2xx, whatever it says: an HTML page with 200 loses the event (webhook_job.rb:39-46). Also four phrases of one département
 * in the `message` of an error (:34-36,60-80), unless the time is over (:32-36).
 */
export function outcomeOf({ status, body, timedOut }: Received): Outcome {
  if (timedOut) return 'failed';
  if (status >= 200 && status < 300) return 'delivered';
  return DROME.some((phrase) => messageOf(body).startsWith(phrase)) ? 'delivered' : 'failed';
}

function messageOf(body: string): string {
  try {
    const read: unknown = JSON.parse(body);
    const message = typeof read === 'object' && read !== null && 'message' in read ? read.message : '';
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
