// The functions while they may not write, in a thread of their own: an app reads its settings once for each process, and
// these are followed by others.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type FunctionsOptions, startFunctions } from './functions.ts';

/** Starts them. Rejects as `startFunctions` does. */
export async function startHeldFunctions(options: FunctionsOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const thread = new Worker(new URL(import.meta.url), { workerData: options });
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  const [url] = await once(thread, 'message');
  // As a host that crashes ends its process.
  const crashed = () => process.exit(1);
  thread.once('exit', crashed);
  return {
    url: String(url),
    stop: async () => {
      thread.off('exit', crashed);
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
