// Timer trigger: every hour, moves the window of weeks in which Dynamics shows recurring absences and plages d'ouverture.
import { app } from '@azure/functions';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';

const settings = readSettings();

app.timer('moveCalendars', {
  schedule: '0 17 * * * *',
  handler: async (_, context) => {
    const { moveCalendars } = await import('../src/delivery/move-calendars.ts');
    const { sharedWorker } = await import('../src/delivery/worker.ts');
    await moveCalendars(await sharedWorker(settings), jsonLog(context));
  },
});
