// Timer trigger: every five minutes, moves poison messages into quarantine, and logs how much is waiting and
// which source fell silent.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { reportDiscardedSecrets } from '../src/watch/discarded-secrets.ts';

const settings = readSettings();

app.timer('watchQueues', {
  schedule: '0 */5 * * * *',
  handler: async (_, context) => {
    const { openStorage } = await import('../src/storage/clients.ts');
    const { emptyPoisonQueues } = await import('../src/delivery/poison.ts');
    const { measureDepth } = await import('../src/watch/depth.ts');
    const { silences } = await import('../src/storage/activity.ts');
    const { readHeard } = await import('../src/storage/marks.ts');
    const { renewMessages } = await import('../src/watch/renew.ts');
    const log = jsonLog(context);
    // At each run, so that the alert lasts as long as its cause.
    reportDiscardedSecrets(settings, log);
    const storage = await openStorage(settings.storage);
    await emptyPoisonQueues(storage, { now: Date.now, log });
    await renewMessages(storage, { now: Date.now, log });
    log('info', 'watch.depth', await measureDepth(storage, Date.now()));
    for (const { source, hours } of silences(await readHeard(storage), Date.now())) {
      log('warn', 'watch.silent', { ...(source === '' ? {} : { source }), hours });
    }
  },
});
