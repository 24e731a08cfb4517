// Queue triggers: failures, poison messages, and what a function sees of a message.
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../azurite.ts';
import type { FunctionsHost } from '../host.ts';
import type { QueueSettings } from '../host-json.ts';
import { journal } from './fixture-app/journal.ts';
import { QUEUE, startFixture } from './fixture-app/start.ts';

let azurite: Azurite;
let service: QueueServiceClient;
let queue: QueueClient;
let host: FunctionsHost | undefined;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
  queue = service.getQueueClient(QUEUE);
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  journal.length = 0;
  await queue.createIfNotExists();
});
afterEach(async () => {
  await host?.stop();
  host = undefined;
  await queue.delete();
});

const start = async (settings: Partial<QueueSettings> = {}) => {
  host = await startFixture(azurite, { queueOverrides: { maxPollingInterval: 100, ...settings } });
  return host;
};
const send = (message: unknown) => queue.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
const poison = async () => {
  const { receivedMessageItems } = await service
    .getQueueClient(`${QUEUE}-poison`)
    .receiveMessages({ numberOfMessages: 32 });
  await service.getQueueClient(`${QUEUE}-poison`).clearMessages();
  return receivedMessageItems;
};
const deliveries = () => journal.map(({ metadata }) => metadata['dequeueCount']);

test('delivers a failing message maxDequeueCount times, then copies it to the poison queue for 7 days', async () => {
  const { messageId } = await send({ fail: 'always' });
  await (await start()).idle();
  expect(deliveries()).toEqual([1, 2, 3]);
  const [copy, ...others] = await poison();
  expect(Buffer.from(copy?.messageText ?? '', 'base64').toString()).toBe('{"fail":"always"}');
  expect([copy?.messageId === messageId, copy?.dequeueCount, others]).toEqual([false, 1, []]);
  expect((copy?.expiresOn.getTime() ?? 0) - (copy?.insertedOn.getTime() ?? 0)).toBe(7 * 86_400_000);
});

test('hides a failed message for the visibility timeout', async () => {
  await send({ fail: 'always' });
  const begin = Date.now();
  await (await start({ visibilityTimeout: 1000, maxDequeueCount: 2 })).idle();
  expect(deliveries()).toEqual([1, 2]);
  expect(Date.now() - begin).toBeGreaterThan(900);
  await poison();
});

test('moves a message received too often to poison without running the function', async () => {
  await send({ fine: true });
  for (const _ of [1, 2, 3]) {
    const [message] = (await queue.receiveMessages()).receivedMessageItems;
    await queue.updateMessage(message?.messageId ?? '', message?.popReceipt ?? '', undefined, 0);
  }
  await (await start()).idle();
  expect([journal, (await poison()).length]).toEqual([[], 1]);
});

test('moves a message that is not base64 to poison, as it is, without running the function', async () => {
  await queue.sendMessage('{"written":"raw"}');
  await (await start()).idle();
  expect([journal, (await poison()).map(({ messageText }) => messageText)]).toEqual([[], ['{"written":"raw"}']]);
});

test('fails a message that is no valid UTF-8 each time without running the function, then moves it to poison', async () => {
  const text = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64');
  await queue.sendMessage(text);
  const { idle, logs } = await start();
  await idle();
  expect([journal, (await poison()).map(({ messageText }) => messageText)]).toEqual([[], [text]]);
  expect(logs.filter(({ message }) => message.includes('is not valid UTF-8')).length).toBe(3);
});

test.each(['', 'YQ==\n', Buffer.from('\ufeff{}').toString('base64')])('runs the function for %j', async (text) => {
  await queue.sendMessage(text);
  await (await start()).idle();
  expect(journal.length).toBe(1);
});

test.each(['YQ', 'YQ=', '-_-_'])('does not take %j for base64', async (text) => {
  await queue.sendMessage(text);
  await (await start()).idle();
  expect([journal, (await poison()).map(({ messageText }) => messageText)]).toEqual([[], [text]]);
});

test('lets the payload override what the queue says of the message', async () => {
  await send({ id: 'spoofed', DequeueCount: 99, nested: { Id: 1 } });
  await (await start()).idle();
  expect(journal[0]?.metadata).toMatchObject({ id: 'spoofed', dequeueCount: 99, nested: { id: 1 } });
  expect(journal[0]?.metadata).toHaveProperty('popReceipt');
});

test('hands over text that is not JSON as text', async () => {
  await queue.sendMessage(Buffer.from('plain é').toString('base64'));
  await (await start()).idle();
  expect(journal[0]?.input).toBe('plain é');
});

test('keeps a long-running message invisible to others and deletes it with its newest receipt', async () => {
  await send({ waitMs: 2500 });
  await (await start({ invisibility: 2000 })).idle();
  expect(deliveries()).toEqual([1]);
});

test('runs at most batchSize + newBatchThreshold messages at once', async () => {
  await Promise.all(Array.from({ length: 9 }, (_, index) => send({ waitMs: index % 2 === 0 ? 50 : 250 })));
  const { idle, logs } = await start({ batchSize: 2, newBatchThreshold: 1 });
  await idle();
  let running = 0;
  const peaks = logs.map(({ message }) => {
    running += message.startsWith('Executing') ? 1 : message.startsWith('Executed') ? -1 : 0;
    return running;
  });
  expect(Math.max(...peaks)).toBe(3);
});

test('lets the running function finish when the host stops, and takes no further message', async () => {
  await send({ waitMs: 400 });
  const { stop, logs } = await start({ batchSize: 1, newBatchThreshold: 0 });
  while (journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await send({ late: true });
  await stop();
  host = undefined;
  expect(logs.filter(({ message }) => message.includes('(Succeeded')).length).toBe(1);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
});

test('leaves what runs longer than the host drains: its message comes back, and is settled by the next host alone', async () => {
  await send({ waitMs: 1500 });
  const first = await startFixture(azurite, { drain: 200, queueOverrides: { invisibility: 1000 } });
  while (journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const begin = Date.now();
  await first.stop();
  expect(Date.now() - begin).toBeLessThan(1200);
  const { idle, logs } = await start();
  await idle();
  expect(deliveries()).toEqual([1, 2]);
  expect(logs.filter(({ message }) => message.includes('(Succeeded')).length).toBe(1);
});

test('waits no longer than the drain for an answer in flight either', async () => {
  const { url, stop } = await startFixture(azurite, { drain: 200 });
  const answer = fetch(`${url}/api/slow?ms=3000`).catch(() => 'cut');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stop();
  expect(await answer).toBe('cut');
});

test('a batch of more than 32 stops the start, by a setting too', async () => {
  const settings = { AzureFunctionsJobHost__extensions__queues__batchSize: '33' };
  await expect(startFixture(azurite, { settings })).rejects.toThrow('batchSize is 33');
});

test('idle says what it waits for', async () => {
  await queue.sendMessage('later', { visibilityTimeout: 60 });
  const { idle } = await start();
  await expect(idle({ within: 50 })).rejects.toThrow(`1 in ${QUEUE}`);
});
