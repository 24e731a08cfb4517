// Queue trigger: takes a notification from the queue and writes it to Dataverse.
import { app } from '@azure/functions';
import type { Worker } from '../src/delivery/deliver.ts';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { NOTIFICATIONS_QUEUE, STORAGE_CONNECTION } from '../src/storage/names.ts';

const settings = readSettings();
let worker: Promise<Worker> | undefined;

app.storageQueue('apply-notification', {
  queueName: NOTIFICATIONS_QUEUE,
  connection: STORAGE_CONNECTION,
  handler: async (message, context) => {
    // Loaded here and not above: the instances that only receive never need it.
    const { deliver } = await import('../src/delivery/deliver.ts');
    worker ??= open();
    await deliver(message, await worker, jsonLog(context));
  },
});

/** One worker for the process; a start that failed is tried again by the next message. */
async function open(): Promise<Worker> {
  try {
    const { openWorker } = await import('../src/delivery/worker.ts');
    return await openWorker(settings);
  } catch (error) {
    worker = undefined;
    throw error;
  }
}
