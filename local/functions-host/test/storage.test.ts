// What the host does when storage is slow to say, refuses or fails; seen from the requests that it makes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../azurite.ts';
import type { FunctionsHost } from '../host.ts';
import type { QueueSettings } from '../host-json.ts';
import { journal } from './fixture-app/journal.ts';
import { QUEUE, startFixture } from './fixture-app/start.ts';
import { openGateway, type StorageGateway } from './storage-gateway.ts';

let azurite: Azurite;
let gateway: StorageGateway;
let queue: QueueClient;
let host: FunctionsHost | undefined;
let crashes: string[];

beforeAll(async () => {
  azurite = await startAzurite();
  queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(QUEUE);
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  journal.length = 0;
  crashes = [];
  gateway = await openGateway(azurite);
  await queue.createIfNotExists();
});
afterEach(async () => {
  await host?.stop();
  host = undefined;
  await gateway.stop();
  await queue.delete();
});

const start = async (settings: Partial<QueueSettings> = {}) => {
  host = await startFixture(gateway, {
    queueOverrides: { maxPollingInterval: 100, ...settings },
    onCrash: ({ message }) => crashes.push(message),
  });
  return host;
};
const send = (message: unknown) => queue.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const polls = () => gateway.requests.filter(({ method }) => method === 'GET');

test('an output to a queue does not wake who listens to that queue in the same host', async () => {
  const { url, idle } = await start({ maxPollingInterval: 2000 });
  await until(() => polls().length === 6);
  await fetch(`${url}/api/hand-over`, { method: 'POST', body: 'x' });
  await until(() => polls().length === 7);
  const [before, after] = polls()
    .slice(5)
    .map(({ at }) => at);
  // The sixth wait is 0.74 to 1.06 s.
  expect((after ?? 0) - (before ?? 0)).toBeGreaterThan(700);
  await idle();
  expect(journal.length).toBe(1);
});

test('the visibility timeout is cut to whole seconds', async () => {
  await send({ fail: 'once' });
  await start({ visibilityTimeout: 1900 });
  const isRelease = ({ method, path }: { method: string; path: string }) =>
    method === 'PUT' && path.includes('popreceipt');
  await until(() => gateway.requests.some(isRelease));
  const [released] = gateway.requests.filter(isRelease);
  expect(released?.path).toMatch(/visibilitytimeout=1(&|$)/);
});

test.each([400, 401, 403])('a poll that is refused with %i ends the host', async (status) => {
  await start();
  gateway.refuse('GET', status);
  await until(() => crashes.length > 0);
  expect(crashes).toEqual([`Queue '${QUEUE}' refuses to be read`]);
  expect(host?.logs).toContainEqual(expect.objectContaining({ level: 'critical' }));
  await expect(fetch(`${host?.url}/api/nothing`)).rejects.toThrow();
});

test('a poll that fails otherwise is made again, later', async () => {
  const { idle } = await start();
  gateway.refuse('GET', 503);
  await send({});
  await new Promise((resolve) => setTimeout(resolve, 500));
  gateway.refuse();
  await idle();
  expect([crashes, journal.length]).toEqual([[], 1]);
});

test.each([
  ['refused', 403, 60_000],
  ['failing for as long as the client tries', 500, 500],
])('a delete that is %s ends the host, and the message comes again', async (_, status, patience) => {
  gateway.refuse('DELETE', status);
  await send({ once: true });
  await start({ patience, invisibility: 1000 });
  await until(() => crashes.length > 0);
  expect(crashes).toEqual([expect.stringContaining(`could not be settled: ${status}`)]);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
});

test('a move to poison that is refused ends the host, and the message stays', async () => {
  await queue.sendMessage('not base64');
  gateway.refuse('POST', 409);
  await start();
  await until(() => crashes.length > 0);
  expect(crashes).toEqual([expect.stringContaining('could not be settled: 409')]);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
});

test('a delete that fails for a while does not', async () => {
  gateway.refuse('DELETE', 500);
  await send({});
  const { idle } = await start();
  await until(() => gateway.requests.some(({ method }) => method === 'DELETE'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  gateway.refuse();
  await idle();
  expect([crashes, journal.length]).toEqual([[], 1]);
});

test('a delete of a message that somebody else deleted goes on', async () => {
  await send({ waitMs: 300 });
  const { idle } = await start();
  await until(() => journal.length > 0);
  await queue.clearMessages();
  await idle();
  await send({});
  await idle();
  expect([crashes, journal.length]).toEqual([[], 2]);
});

test('the process of a host that ends so ends with it', async () => {
  gateway.refuse('GET', 403);
  const child = spawn(process.execPath, ['test/pipeline/worker-process.ts'], {
    env: {
      PATH: process.env['PATH'],
      NOTIFICATIONS_STORAGE: gateway.connectionString,
      DATAVERSE_URL: 'http://127.0.0.1:9',
      RDV_WEBHOOK_SECRET: 'unused',
    },
    stdio: 'ignore',
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
});
