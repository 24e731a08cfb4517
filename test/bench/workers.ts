// Worker processes on one queue, in virtual time: each takes messages as the Functions host does. Requests are real, to
// the emulated Dataverse; each is taken to last as long as one over a network, and its operations as long as given.
import { createBackoff } from '../../local/functions-host/backoff.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { createMemory, type MemoryLimits } from '../../src/delivery/memory.ts';
import type { Worker } from '../../src/delivery/worker.ts';
import type { Envelope } from '../../src/intake/envelope.ts';
import type { Bench } from '../delivery/bench.ts';
import { PLACES, QUEUES } from './defaults.ts';
import { Heap } from './heap.ts';
import { type Cost, type Exchange, timed } from './timed-connection.ts';
import type { VirtualTime } from './virtual-time.ts';

const { batchSize: BATCH_SIZE, newBatchThreshold: NEW_BATCH_THRESHOLD, maxPollingInterval: MAX_POLLING_MS } = QUEUES;
/** One operation of the queue: our estimate. */
const QUEUE_MS = 10;

export interface Done {
  readonly outcome: string;
  readonly requests: number;
  readonly conflicts: number;
  /** Which of the envelopes. */
  readonly at: number;
  /** From when a process took the message to its end, in ms. */
  readonly ms: number;
}

export interface Drained {
  readonly done: readonly Done[];
  readonly exchanges: readonly Exchange[];
  /** How often a message was put back. */
  readonly putBack: number;
  readonly quarantined: number;
  /** When the last notification was done, ms since 1970. */
  readonly endedAt: number;
}

export interface WorkersOptions {
  readonly time: VirtualTime;
  readonly processes: number;
  readonly cost: Cost;
  /** Exchanges of a process at the same time; default: as deployed. */
  readonly places?: number;
  readonly memory: Omit<MemoryLimits, 'now'>;
  /** Numbers from 0 to 1: when each process looks, and jitter. */
  readonly chance: () => number;
  /** How messages find a process: in batches, as the host takes them, or each by chance. */
  readonly dealt?: 'in batches' | 'by chance';
}

interface Message {
  readonly envelope: Envelope;
  readonly at: number;
  readonly visibleAt: number;
}

/** Delivers all envelopes, each from its receipt on, and lets time pass until the last is done. */
export async function runWorkers(
  bench: Bench,
  envelopes: readonly Envelope[],
  options: WorkersOptions,
): Promise<Drained> {
  const { time, cost, chance, dealt = 'in batches' } = options;
  const { over, exchanges } = timed(bench.dataverse, time, cost);
  const queue = new Heap<Message>(({ visibleAt }) => visibleAt);
  for (const [at, envelope] of envelopes.entries()) {
    queue.push({ envelope, at, visibleAt: Math.max(time.now(), envelope.receivedAt) });
  }
  const places = new Map(envelopes.map(({ notificationId }, at) => [notificationId, at]));
  const done: Done[] = [];
  let putBack = 0;
  /** Taken from the queue, and not finished. */
  let inWork = 0;
  let quarantined = 0;
  let endedAt = time.now();

  const workers = Array.from({ length: options.processes }, newWorker);
  await time.runUntil(Promise.all(workers.map(listen)));
  return { done, exchanges, putBack, quarantined, endedAt };

  function newWorker(): Worker {
    const { worker } = bench.colleague();
    const connection = over(worker.dataverse.connection);
    return {
      ...worker,
      dataverse: { ...worker.dataverse, connection, gate: createGate(options.places ?? PLACES, time) },
      memory: createMemory({ ...options.memory, now: time.now }),
      quarantine: async () => {
        quarantined += 1;
      },
      sendLater: async (envelope, delayMs) => {
        putBack += 1;
        await time.sleep(QUEUE_MS);
        const at = places.get(envelope.notificationId) ?? 0;
        // As src/storage/queue.ts: in whole seconds.
        queue.push({ envelope, at, visibleAt: time.now() + 1000 * Math.ceil(delayMs / 1000) });
      },
      now: time.now,
      chance,
    };
  }

  /** One process's look at the queue, again and again (QueueListener.cs). */
  async function listen(own: Worker): Promise<void> {
    const backoff = createBackoff(MAX_POLLING_MS, chance);
    const running = new Set<Promise<void>>();
    await time.sleep(chance() * MAX_POLLING_MS);
    while (queue.size + inWork > 0) {
      await time.sleep(QUEUE_MS);
      const taken = take();
      for (const message of taken) {
        const task = work(dealtTo(own), message).finally(() => running.delete(task));
        running.add(task);
      }
      if (taken.length === 0) await time.sleep(Math.max(backoff.next('empty'), nothingFor()));
      else backoff.next('found');
      while (running.size > NEW_BATCH_THRESHOLD) await Promise.race(running);
    }
    await Promise.all(running);
  }

  /** Nights are skipped: after so long a process looks every ten seconds, at a moment by chance when a message comes. */
  function nothingFor(): number {
    const next = queue.peek();
    const left = (next?.visibleAt ?? time.now()) - time.now();
    return left > 6 * MAX_POLLING_MS ? left - chance() * MAX_POLLING_MS : 0;
  }

  function take(): readonly Message[] {
    const taken: Message[] = [];
    while (taken.length < BATCH_SIZE && (queue.peek()?.visibleAt ?? Number.POSITIVE_INFINITY) <= time.now()) {
      const message = queue.pop();
      if (message === undefined) continue;
      taken.push(message);
      inWork += 1;
    }
    return taken;
  }

  function dealtTo(own: Worker): Worker {
    return dealt === 'by chance' ? (workers[Math.floor(chance() * workers.length)] ?? own) : own;
  }

  async function work(worker: Worker, { envelope, at }: Message): Promise<void> {
    const takenAt = time.now();
    await deliver(envelope, worker, (_, event, fields) => {
      if (event !== 'notification.done') return;
      const { outcome, requests, conflicts } = fields as Omit<Done, 'at' | 'ms'>;
      done.push({ outcome, requests, conflicts, at, ms: time.now() - takenAt });
      endedAt = time.now();
    });
    // The host deletes the message.
    await time.sleep(QUEUE_MS);
    inWork -= 1;
  }
}
