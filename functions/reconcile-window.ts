// Queue trigger: compares a part of what RDV-Solidarités holds with Dynamics, then sends the next part to itself.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSenderSettings, readSettings } from '../src/settings.ts';
import { RECONCILIATION_QUEUE, STORAGE_CONNECTION } from '../src/storage/names.ts';

const settings = readSettings();
const sender = readSenderSettings();

app.storageQueue('reconcileWindow', {
  queueName: RECONCILIATION_QUEUE,
  connection: STORAGE_CONNECTION,
  handler: async (message, context) => {
    const { reconcileWindow } = await import('../src/reconcile/open.ts');
    await reconcileWindow(message, settings, { sender, log: jsonLog(context) });
  },
});
