// The backfill itself, in a thread that may be killed: it reads at the stand-in, and hands over what it read.
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Reading } from '../../../src/backfill/batches.ts';
import { estimate } from '../../../src/backfill/estimate.ts';
import { begin, KINDS, type Progress } from '../../../src/backfill/progress.ts';
import { runBackfill } from '../../../src/backfill/run-backfill.ts';
import { openSender } from '../../../src/rdv-solidarites/api/sender.ts';
import { openTransport } from '../../../src/rdv-solidarites/api/transport.ts';
import { sharedClock, type TimeCell } from './shared-time.ts';

export interface ReaderOptions {
  readonly url: string;
  readonly time: TimeCell;
  readonly perMinute: number;
  /** Absent: it begins. */
  readonly progress?: Progress | undefined;
}

/** What it tells; all but the last two wait for an answer. */
export type Told =
  | { readonly kind: 'token' }
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'saved'; readonly progress: Progress }
  | { readonly kind: 'memory'; readonly megabytes: number }
  | { readonly kind: 'ended'; readonly progress: Progress };

export interface Question {
  readonly id: number;
  readonly told: Told;
}

export interface Answer {
  readonly id: number;
  readonly token?: string;
}

const port = parentPort;
if (port === null) throw new Error('a thread of departement.ts');
const { url, time, perMinute, progress }: ReaderOptions = workerData;
const clock = sharedClock(time);
const waiting = new Map<number, (answer: Answer) => void>();
let questions = 0;
port.on('message', (answer: Answer) => {
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});
const ask = (told: Told) =>
  new Promise<Answer>((resolve) => {
    questions += 1;
    waiting.set(questions, resolve);
    const question: Question = { id: questions, told };
    port.postMessage(question);
  });

let { token } = await ask({ kind: 'token' });
const signIn = {
  headers: async () => ({ authorization: `Bearer ${token}` }),
  renew: async () => {
    ({ token } = await ask({ kind: 'token' }));
    return true;
  },
};
const sender = openSender(openTransport({ url, signIn, timeoutMs: 60_000, perMinute, clock }));

async function beginning(): Promise<Progress> {
  const organisations: number[] = [];
  for await (const { records } of sender.readOrganisations()) organisations.push(...records.map(({ id }) => id));
  const { records } = await estimate(sender, KINDS, organisations);
  return begin({ run: 'backfill-bench', startedAt: clock.now(), kinds: [...KINDS], organisations, expected: records });
}

const start = progress ?? (await beginning());
await ask({ kind: 'saved', progress: start });
const ended = await runBackfill(start, {
  sender,
  clock,
  queue: { send: (reading) => ask({ kind: 'reading', reading }), waiting: async () => 0 },
  stopping: () => false,
  save: async (next) => void (await ask({ kind: 'saved', progress: next })),
  onProgress: () => {
    // What is held, not what waits to be collected.
    globalThis.gc?.();
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    void ask({ kind: 'memory', megabytes: (heap + external) / 1e6 });
  },
});
await ask({ kind: 'ended', progress: ended });
port.close();
