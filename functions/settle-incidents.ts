// Timer trigger: every two minutes, shows in Dynamics what is in quarantine, does what people choose there, and shows the
// state of the connector.
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
    const { showState } = await import('../src/watch/connector-state.ts');
    const settling = { ...(await open()), log: jsonLog(context) };
    await settleIncidents(settling);
    await showState(settling);
  },
});

async function openSettling() {
  const { openStorage } = await import('../src/storage/clients.ts');
  const { sharedWorker } = await import('../src/delivery/worker.ts');
  const { whoAmI } = await import('../src/dataverse/who-am-i.ts');
  const { dataverse } = await sharedWorker(settings);
  const storage = await openStorage(settings.storage);
  const notify = settings.notifyInDynamics;
  return { dataverse, storage, notify, self: openOnce(whoAmI), now: Date.now };
}
