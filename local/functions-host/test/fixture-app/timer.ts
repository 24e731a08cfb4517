// A timer that runs every second.
import { app } from '@azure/functions';
import { journal } from './journal.ts';

app.timer('tick', {
  schedule: '%FIXTURE_SCHEDULE%',
  handler: async (timer) => {
    journal.push({ functionName: 'tick', input: timer, metadata: {} });
  },
});
