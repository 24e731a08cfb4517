// Timer trigger: every ten minutes, whatever the host's zone, asks whether Paris has reached RECONCILE_AT.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSenderSettings, readSettings } from '../src/settings.ts';

const settings = readSettings();
const sender = readSenderSettings();

app.timer('reconcileNightly', {
  schedule: '45 */10 * * * *',
  handler: async (_, context) => {
    const { reconcileNightly } = await import('../src/reconcile/open.ts');
    await reconcileNightly(settings, { sender, log: jsonLog(context) });
  },
});
