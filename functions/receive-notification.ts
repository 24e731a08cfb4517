// HTTP trigger: POST /api/notifications/{source?}, called by RDV-Solidarités, which waits 10 s for the answer.
import { app, output } from '@azure/functions';
import { receive } from '../src/intake/receive.ts';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { NOTIFICATIONS_QUEUE, STORAGE_CONNECTION } from '../src/storage/names.ts';
import { reportDiscardedSecrets } from '../src/watch/discarded-secrets.ts';

const settings = readSettings();
const queue = output.storageQueue({ queueName: NOTIFICATIONS_QUEUE, connection: STORAGE_CONNECTION });
let discardedSecretsReported = false;

app.http('receiveNotification', {
  methods: ['POST'],
  route: 'notifications/{source?}',
  // The signature authenticates the request, because the sender cannot send a function key.
  authLevel: 'anonymous',
  extraOutputs: [queue],
  handler: async (request, context) => {
    const log = jsonLog(context);
    if (!discardedSecretsReported) {
      discardedSecretsReported = true;
      reportDiscardedSecrets(settings, log);
    }
    const { answer, message } = await receive(
      {
        source: request.params['source'],
        headers: request.headers,
        arrayBuffer: () => request.arrayBuffer(),
      },
      { secrets: settings.secrets, maxBodyBytes: settings.maxBodyBytes, storeBody, log, now: Date.now },
    );
    // The host stores the message before it sends the answer, and answers 500 when it cannot.
    if (message !== undefined) context.extraOutputs.set(queue, message);
    return answer;
  },
});

/** Loads the storage client only for a body that is too big for the queue. */
async function storeBody(notificationId: string, body: Buffer): Promise<void> {
  const { openStorage } = await import('../src/storage/clients.ts');
  const { storeBody } = await import('../src/storage/bodies.ts');
  await storeBody(await openStorage(settings.storage), notificationId, body);
}
