// Messages that nobody takes do not end.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { readEnvelope } from '../../src/delivery/envelope-reader.ts';
import { contentOf, encodeEnvelope } from '../../src/intake/envelope.ts';
import type { Log } from '../../src/log.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../../src/storage/names.ts';
import { renewMessages } from '../../src/watch/renew.ts';

const DAY_S = 86_400;
const RECEIVED_AT = Date.UTC(2026, 10, 24, 9);

let azurite: Azurite;
let storage: Storage;
let said: unknown[];
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  said = [];
  await queue().createIfNotExists();
});
afterEach(() => queue().delete());

const queue = () => storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
const log: Log = (level, event, fields) => void said.push([level, event, fields]);
const renew = (now = Date.now) => renewMessages(storage, { now, log });

/** Puts a message that has so many seconds to live. */
const put = (id: number, livesS: number) => {
  const envelope = {
    v: 1,
    notificationId: `n-${id}`,
    receivedAt: RECEIVED_AT + id,
    content: contentOf(Buffer.from('é')),
  } as const;
  return queue().sendMessage(encodeEnvelope(envelope).toString('base64'), { messageTimeToLive: livesS });
};

/** Every message, by its id: when it was received, how often it was taken before, its days to live. */
const contents = async () => {
  const { receivedMessageItems } = await queue().receiveMessages({ numberOfMessages: 32 });
  return Object.fromEntries(
    receivedMessageItems.map(({ messageText, dequeueCount, expiresOn }) => {
      const envelope = readEnvelope(JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')));
      const days = Math.min(99, Math.round((expiresOn.getTime() - Date.now()) / DAY_S / 1000));
      return [envelope?.notificationId ?? '', { receivedAt: envelope?.receivedAt, taken: dequeueCount - 1, days }];
    }),
  );
};

test('one within two days of its end is put again, whole and without an end; younger ones are not touched', async () => {
  await put(1, 1.9 * DAY_S);
  await put(2, 2.1 * DAY_S);
  await put(3, 7 * DAY_S);
  expect(await renew()).toBe(1);
  expect(await contents()).toEqual({
    'n-1': { receivedAt: RECEIVED_AT + 1, taken: 0, days: 99 },
    'n-2': { receivedAt: RECEIVED_AT + 2, taken: 0, days: 2 },
    'n-3': { receivedAt: RECEIVED_AT + 3, taken: 0, days: 7 },
  });
  expect(said).toEqual([['warn', 'watch.renewed', { renewed: 1 }]]);
});

test('a backlog of several batches is put again in one run, each message once', async () => {
  for (let id = 0; id < 70; id += 1) await put(id, DAY_S);
  expect([await renew(), await renew()]).toEqual([70, 0]);
  expect((await queue().getProperties()).approximateMessagesCount).toBe(70);
});

test('one is seen behind many that never end', async () => {
  for (let id = 0; id < 40; id += 1) await put(id, -1);
  await put(40, 7 * DAY_S);
  const later = () => Date.now() + 5.5 * DAY_S * 1000;
  expect(await renew(later)).toBe(41);
  const left = [await contents(), await contents()];
  const days = left.flatMap((some) => Object.values(some).map((message) => message.days));
  expect(days).toEqual(Array(41).fill(99));
});

test('a run that takes long leaves the rest to the next one', async () => {
  for (let id = 0; id < 40; id += 1) await put(id, DAY_S);
  let calls = 0;
  const slow = () => Date.now() + 20_000 * calls++;
  expect(await renew(slow)).toBe(32);
  expect(await renew()).toBe(8);
});

test('nothing is said, taken or created when there is nothing to put again', async () => {
  await put(1, 7 * DAY_S);
  expect(await renew()).toBe(0);
  await queue().delete();
  expect([await renew(), await queue().exists(), said]).toEqual([0, false, []]);
  await queue().createIfNotExists();
});
