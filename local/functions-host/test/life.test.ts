// The life of the host: start, timers, time-outs and stop.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { bundle } from '../../../infra/package/bundle.ts';
import { type Azurite, startAzurite } from '../../azurite.ts';
import type { Worker } from '../worker.ts';
import { journal } from './fixture-app/journal.ts';
import { QUEUE, startFixture } from './fixture-app/start.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(() => {
  journal.length = 0;
});

const startAndStop = async () => {
  const host = await startFixture(azurite);
  await host.stop();
  return host;
};

test('runs a timer on its schedule, and by hand', async () => {
  const host = await startFixture(azurite, { timers: 'on-schedule' });
  await sleep(1100);
  expect(journal.length).toBeGreaterThan(0);
  expect(journal[0]?.input).toMatchObject({ isPastDue: false, schedule: { adjustForDST: true } });
  await host.stop();

  const byHand = await startFixture(azurite);
  journal.length = 0;
  await byHand.runTimer('tick');
  await expect(byHand.runTimer('tock')).rejects.toThrow('No timer function "tock"; there are: tick');
  expect(journal.length).toBe(1);
  await byHand.stop();
});

test('fails a function that runs longer than functionTimeout, and its message comes back', async () => {
  const host = await startFixture(azurite, {
    hostJson: { functionTimeout: '00:00:00.2', extensions: { queues: { maxDequeueCount: 2 } } },
  });
  expect((await fetch(`${host.url}/api/slow?ms=400`)).status).toBe(500);

  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(QUEUE);
  await queue.createIfNotExists();
  await queue.sendMessage(Buffer.from('{"waitMs":400}').toString('base64'));
  await host.idle();
  expect(journal.map(({ metadata }) => metadata['dequeueCount'])).toEqual([1, 2]);
  await host.stop();
});

test('finishes the answer in flight when it stops, then refuses connections', async () => {
  const host = await startFixture(azurite);
  const answer = fetch(`${host.url}/api/slow?ms=300`);
  await sleep(100);
  await host.stop();
  expect(await (await answer).text()).toBe('done');
  await expect(fetch(`${host.url}/api/slow?ms=1`)).rejects.toThrow();
});

test('puts the settings back when it stops, and starts again in the same process', async () => {
  for (const secret of ['first', 'second']) {
    const host = await startFixture(azurite, { settings: { FIXTURE_SECRET: secret } });
    expect([process.env['FIXTURE_SECRET'], host.functions.includes('receive')]).toEqual([secret, true]);
    await host.stop();
  }
  expect(process.env['FIXTURE_SECRET']).toBeUndefined();
});

test('loads the app anew after vi.resetModules()', async () => {
  vi.resetModules();
  const host = await startFixture(azurite);
  await host.runTimer('tick');
  const { journal: anew } = await import('./fixture-app/journal.ts');
  expect([journal.length, anew.length]).toEqual([0, 1]);
  await host.stop();
});

test('leaves nothing behind when a setting that a binding names is missing', async () => {
  const port = Number(new URL((await startAndStop()).url).port);
  await expect(startFixture(azurite, { port, settings: { FIXTURE_STORAGE: '' } })).rejects.toThrow(
    'set FIXTURE_STORAGE or',
  );
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(process.env['FIXTURE_QUEUE']).toBeUndefined();
});

test('serves the functions of another worker', async () => {
  const answer = Buffer.from('from elsewhere');
  const bindings = { request: { type: 'httpTrigger' }, $return: { type: 'http', direction: 'out' as const } };
  const worker: Worker = {
    start: async () => [{ functionId: '1', name: 'elsewhere', bindings }],
    invoke: async () => ({ returnValue: { http: { statusCode: '200', body: { bytes: answer } } } }),
    stop: async () => {},
  };
  const host = await startFixture(azurite, { worker });
  expect(await (await fetch(`${host.url}/api/elsewhere`)).text()).toBe('from elsewhere');
  await host.stop();
});

test('names the port that is taken', async () => {
  const port = Number(new URL(azurite.queueUrl).port);
  await expect(startAzurite({ queuePort: port })).rejects.toThrow(`Port ${port} is already in use`);
  await expect(startFixture(azurite, { port })).rejects.toThrow(`Port ${port} is already in use`);
});

test('runs a bundle: one file per function, dynamic imports in chunks, nothing from node_modules', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'bundle-'));
  const app = 'local/functions-host/test/fixture-app';
  await bundle({ entries: [`${app}/http.ts`, `${app}/timer.ts`, `${app}/lazy-storage.ts`], outdir });
  const files = await readdir(join(outdir, 'functions'));
  expect(files.sort()).toEqual(['chunks', 'http.js', 'lazy-storage.js', 'timer.js']);

  const run = join(import.meta.dirname, 'fixture-app/run-bundle.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [run, outdir], { cwd: outdir });
  expect(JSON.parse(stdout)).toMatchObject({
    functions: expect.arrayContaining(['receive', 'tick', 'lazy-storage']),
    answer: 'QueueServiceClient',
  });
  await rm(outdir, { recursive: true });
});
