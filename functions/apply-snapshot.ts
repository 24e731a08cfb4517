// Queue trigger: takes a record that was read at the sender's API, and writes to Dataverse what differs.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { SNAPSHOTS_QUEUE, STORAGE_CONNECTION } from '../src/storage/names.ts';

const settings = readSettings();

app.storageQueue('applySnapshot', {
  queueName: SNAPSHOTS_QUEUE,
  connection: STORAGE_CONNECTION,
  handler: async (message, context) => {
    const { deliverSnapshot, sharedSnapshotWorker } = await import('../src/delivery/snapshot-worker.ts');
    await deliverSnapshot(message, await sharedSnapshotWorker(settings), jsonLog(context));
  },
});
