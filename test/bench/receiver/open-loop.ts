// Requests at a fixed rate, whether or not those before are answered: a slow answer delays no other request, and is
// counted from the moment at which it was due ("coordinated omission" would count from when it could be sent).
import { Agent, request } from 'node:http';

export interface Shot {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Beyond this a timer was not merely coarse: then the wait counts as latency. In ms. */
const TIMER_GRAIN_MS = 2;

// Idle connections end here before the host ends them, which it does after five seconds.
const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 3_000 });

/** Latencies in ms of so many requests at a rate, in requests a second. Throws when one is not answered with 202. */
export async function shoot(shots: Iterable<Shot>, rate: number): Promise<readonly number[]> {
  const startedAt = performance.now();
  const pending: Promise<number>[] = [];
  let at = 0;
  for (const shot of shots) {
    const due = startedAt + (at * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const now = performance.now();
    pending.push(latencyOf(shot, now - due <= TIMER_GRAIN_MS ? now : due));
    at += 1;
  }
  return Promise.all(pending);
}

function latencyOf({ url, headers, body }: Shot, since: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers });
    sent.on('response', (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 202) resolve(performance.now() - since);
        else reject(new Error(`answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
