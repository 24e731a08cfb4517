// A queue function that does what its message asks for.
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from '@azure/functions';
import { journal } from './journal.ts';

app.storageQueue('work', {
  queueName: '%FIXTURE_QUEUE%',
  connection: 'FIXTURE_STORAGE',
  handler: async (input, context) => {
    journal.push({ functionName: 'work', input, metadata: { ...context.triggerMetadata } });
    const { fail, waitMs } = Object(input) as { fail?: string; waitMs?: number };
    if (waitMs) await sleep(waitMs);
    if (fail) throw new Error(fail);
  },
});
