// Waits until every message is settled.
import type { Invoker } from './invoker.ts';

const STEP_MS = 15;

export interface IdleOptions {
  invoker: Invoker;
  listeners: readonly { queueName: string; count(): Promise<number> }[];
  /** Milliseconds. */
  within: number;
}

/** Rejects with the names of the queues that still hold messages. */
export async function waitUntilIdle({ invoker, listeners, within }: IdleOptions): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    const before = invoker.started();
    const counts = await Promise.all(
      listeners.map(async ({ queueName, count }) => ({ queueName, count: await count() })),
    );
    const busy = counts.filter(({ count }) => count > 0);
    // A function that began between two counts may have moved a message unseen.
    if (busy.length === 0 && invoker.running() === 0 && invoker.started() === before) return;
    if (Date.now() > deadline) {
      const left = busy.map(({ queueName, count }) => `${count} in ${queueName}`).join(', ') || 'no message';
      throw new Error(`Not idle after ${within} ms: ${invoker.running()} functions running, ${left}`);
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
