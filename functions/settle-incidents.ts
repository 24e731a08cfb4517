// Timer trigger: every two minutes, shows in Dynamics what is in quarantine, and does what people choose there.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { openOnce } from '../src/open-once.ts';
import { readSettings } from '../src/settings.ts';

const settings = readSettings();
const open = openOnce(openSettling);

app.timer('settleIncidents', {
  schedule: '30 */2 * * * *',
  handler: async (_, context) => {
    const { settleIncidents } = await import('../src/watch/settle-incidents.ts');
    await settleIncidents({ ...(await open()), log: jsonLog(context) });
  },
});

async function openSettling() {
  const { openStorage } = await import('../src/storage/clients.ts');
  const { sharedWorker } = await import('../src/delivery/worker.ts');
  const { whoAmI } = await import('../src/dataverse/who-am-i.ts');
  const { dataverse } = await sharedWorker(settings);
  return { dataverse, storage: await openStorage(settings.storage), self: openOnce(whoAmI), now: Date.now };
}
