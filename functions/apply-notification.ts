// Queue trigger: takes a notification from the queue and writes it to Dataverse.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { NOTIFICATIONS_QUEUE, STORAGE_CONNECTION } from '../src/storage/names.ts';

const settings = readSettings();

app.storageQueue('applyNotification', {
  queueName: NOTIFICATIONS_QUEUE,
  connection: STORAGE_CONNECTION,
  handler: async (message, context) => {
    // Loaded here and not above, because instances that only receive never need it.
    const { deliver } = await import('../src/delivery/deliver.ts');
    const { sharedWorker } = await import('../src/delivery/worker.ts');
    const worker = await sharedWorker(settings);
    await deliver(message, worker, jsonLog(context));
    await worker.progress.save();
  },
});
