// A queue and its worker on a virtual clock: days of outage in seconds.
import { createGate } from '../../src/dataverse/gate.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { Envelope } from '../../src/intake/envelope.ts';
import type { Bench } from '../delivery/bench.ts';

export interface VirtualClock {
  /** ms since 1970. */
  time: number;
}

interface Message {
  readonly envelope: Envelope;
  readonly visibleAt: number;
}

export interface Drained {
  readonly retried: number;
  readonly quarantined: number;
  /** When the last notification was applied, ms since 1970. */
  readonly endedAt: number;
}

export interface DrainOptions {
  readonly clock: VirtualClock;
  /** What one request takes, in ms, and how many run at once. */
  readonly requestMs: number;
  readonly places: number;
  /** Called as time passes, to bring Dataverse down and up. */
  readonly onTime: (now: number) => void;
}

/**
 * Delivers all envelopes, each when it is visible, in virtual time: what one worker with so many places would do.
 * One delivery runs after the other; the places divide the time that each takes.
 */
export async function drain(bench: Bench, envelopes: readonly Envelope[], options: DrainOptions): Promise<Drained> {
  const { clock, requestMs, places, onTime } = options;
  const queue = new MessageHeap(envelopes.map((envelope) => ({ envelope, visibleAt: envelope.receivedAt })));
  let retried = 0;
  const sleep = async (ms: number) => {
    clock.time += ms;
    onTime(clock.time);
  };
  const worker = {
    ...bench.worker,
    dataverse: { ...bench.worker.dataverse, gate: createGate(places, { now: () => clock.time, sleep }) },
    sendLater: async (envelope: Envelope, delayMs: number) => {
      retried += 1;
      // As storage/queue.ts: in whole seconds.
      queue.push({ envelope, visibleAt: clock.time + 1000 * Math.ceil(delayMs / 1000) });
    },
    now: () => clock.time,
    chance: pseudoRandom(1),
  };
  let endedAt = clock.time;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    clock.time = Math.max(clock.time, next.visibleAt);
    onTime(clock.time);
    const before = bench.dataverse.requests.length;
    await deliver(next.envelope, worker, (_, event) => {
      if (event === 'notification.done') endedAt = clock.time;
    });
    clock.time += ((bench.dataverse.requests.length - before) * requestMs) / places;
  }
  return { retried, quarantined: bench.quarantined.size, endedAt };
}

/** Messages by the time at which they become visible. */
class MessageHeap {
  readonly #items: Message[] = [];

  constructor(messages: readonly Message[]) {
    for (const message of messages) this.push(message);
  }

  push(message: Message): void {
    const items = this.#items;
    let at = items.push(message) - 1;
    for (let above = (at - 1) >> 1; at > 0 && this.#time(above) > message.visibleAt; above = (at - 1) >> 1) {
      this.#swap(at, above);
      at = above;
    }
  }

  pop(): Message | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = this.#time(left + 1) < this.#time(left) ? left + 1 : left;
      if (this.#time(least) >= this.#time(at)) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #time(at: number): number {
    return this.#items[at]?.visibleAt ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    const [one, other] = [items[a], items[b]];
    if (one !== undefined && other !== undefined) [items[a], items[b]] = [other, one];
  }
}

/** The same numbers at every run. */
export function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
