// The functions while they may not write, in a thread of their own: an app reads its settings once for each process, and
// these are followed by others.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type FunctionsOptions, startFunctions } from './functions.ts';

/** Starts them. Rejects as `startFunctions` does. */
export async function startHeldFunctions(options: FunctionsOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const thread = new Worker(new URL(import.meta.url), { workerData: options });
  const ended = once(thread, 'exit');
  const [url] = await once(thread, 'message');
  return {
    url: String(url),
    stop: async () => {
      thread.postMessage('stop');
      await ended;
    },
  };
}

if (!isMainThread && parentPort !== null) {
  const host = await startFunctions(workerData);
  parentPort.postMessage(host.url);
  await once(parentPort, 'message');
  await host.stop();
  process.exit();
}
