// The receiver and its floor on one host, in a process of their own. Ends when its parent does.
import { app, output } from '@azure/functions';
import { startAzurite } from '../../../local/azurite.ts';
import { startHost } from '../../../local/functions-host/host.ts';

const FLOOR_QUEUE = 'floor';
const secret = process.argv[2] ?? '';
/** Lengths of bodies → of the envelopes that the receiver makes of them. */
const lengths: Record<string, number> = JSON.parse(process.argv[3] ?? '{}');

const azurite = await startAzurite();

/** The least that a durable answer takes on this host: a message that is ready goes to a queue, and 202 out. */
async function registerFloor(): Promise<void> {
  const queue = output.storageQueue({ queueName: FLOOR_QUEUE, connection: 'NOTIFICATIONS_STORAGE' });
  const messages = new Map(Object.entries(lengths).map(([body, length]) => [body, Buffer.alloc(length, 'x')]));
  app.http('floor', {
    methods: ['POST'],
    route: 'floor',
    authLevel: 'anonymous',
    extraOutputs: [queue],
    handler: async (request, context) => {
      context.extraOutputs.set(queue, messages.get(request.headers.get('content-length') ?? ''));
      return { status: 202, jsonBody: { status: 'accepted' } };
    },
  });
}

const host = await startHost({
  settings: {
    NOTIFICATIONS_STORAGE: azurite.connectionString,
    // Nobody asks there: this is about what is received.
    DATAVERSE_URL: 'http://127.0.0.1:9',
    RDV_WEBHOOK_SECRET: secret,
  },
  entries: [() => import('../../../functions/receive-notification.ts'), registerFloor],
  timers: 'by-hand',
  log: () => undefined,
});
process.on('disconnect', () => process.exit());
process.send?.(host.url);
