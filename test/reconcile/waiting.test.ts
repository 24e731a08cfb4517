// What waits explains what a night heals: on the queue, or held while the connector may not write.
import { expect, onTestFinished, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { hold } from '../../src/delivery/held.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { countWaiting } from '../../src/reconcile/waiting.ts';
import { openStorage } from '../../src/storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../../src/storage/names.ts';

test('counts what is on the queue and what is held', { timeout: 60_000 }, async () => {
  const azurite = await startAzurite();
  onTestFinished(() => azurite.stop());
  const storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  expect(await countWaiting(storage)).toBe(0);
  const body = Buffer.from('{}');
  const receivedAt = Date.parse('2026-11-24T02:00:00Z');
  for (const notificationId of ['n-1', 'n-2'])
    await hold(storage, { v: 1, notificationId, receivedAt, content: contentOf(body) }, body);
  expect(await countWaiting(storage)).toBe(2);
  const queue = storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
  await queue.createIfNotExists();
  await queue.sendMessage('waits');
  expect(await countWaiting(storage)).toBe(3);
});
