// The timer of an application whose worker is stopped, as by `AzureWebJobs.apply-notification.Disabled`.
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { startHost } from '../../local/functions-host/host.ts';
import { NOTIFICATIONS_QUEUE } from '../../src/storage/names.ts';

test('a notification that no worker took for five days is put again before storage drops it', async () => {
  const azurite = await startAzurite();
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(NOTIFICATIONS_QUEUE);
  await queue.createIfNotExists();
  await queue.sendMessage(Buffer.from('{"v":1}').toString('base64'), { messageTimeToLive: 86_400 });
  const host = await startHost({
    settings: { NOTIFICATIONS_STORAGE: azurite.connectionString, DATAVERSE_URL: 'http://127.0.0.1:9' },
    entries: [() => import('../../functions/watch-queues.ts')],
    timers: 'by-hand',
  });
  await host.runTimer('watchQueues');
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  expect(receivedMessageItems.map(({ messageText, expiresOn }) => [messageText, expiresOn.getFullYear()])).toEqual([
    [Buffer.from('{"v":1}').toString('base64'), 9999],
  ]);
  await host.stop();
  await azurite.stop();
});
