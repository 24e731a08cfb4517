// Service protection of the Dataverse emulator: three limits per user, on a clock that the test turns.

import { afterEach, expect, test } from 'vitest';
import { type DataverseEmulator, type DataverseOptions, startDataverse } from '../src/emulator.ts';
import { type Part, type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;
let now = Date.UTC(2026, 6, 1, 8);

const start = async (options: DataverseOptions) => {
  now = Date.UTC(2026, 6, 1, 8);
  dataverse = await startDataverse({ clock: () => new Date(now), ...options });
  client = rawClient(dataverse.url);
};

afterEach(() => dataverse.stop());

const create: Part = { method: 'POST', path: 'contacts', body: { lastname: 'A' } };
const BURST = 'x-ms-ratelimit-burst-remaining-xrm-requests';
const TIME = 'x-ms-ratelimit-time-remaining-xrm-requests';

/** Status, seconds to wait, code. */
const ask = async () => {
  const { status, headers, code } = await client.get('WhoAmI');
  return status === 200 ? 200 : [status, Number(headers.get('retry-after')), code];
};
const askTimes = async (times: number) => {
  const answers = [];
  for (let time = 0; time < times; time += 1) answers.push(await ask());
  return answers;
};

test('off: no limit, the headers of an idle user', async () => {
  await start({ serviceProtection: false });
  expect(await askTimes(3)).toEqual([200, 200, 200]);
  const { headers } = await client.get('WhoAmI');
  expect([headers.get(BURST), headers.get(TIME)]).toEqual(['5999', '1,200.00']);
  expect(dataverse.stats.serviceProtection).toMatchObject({ maxConcurrent: 0, peakRequests: 0 });
});

test('`true` stands for the documented limits, and the remainder is told', async () => {
  await start({ serviceProtection: true });
  expect(dataverse.settings.current.serviceProtection).toEqual({
    requests: 6000,
    executionMs: 1_200_000,
    windowMs: 300_000,
    concurrent: 52,
  });
  await client.batch([[create, create], create]);
  const { headers } = await client.get('WhoAmI');
  expect([headers.get(BURST), headers.get(TIME)]).toEqual(['5998', '1,199.98']);
});

test('requests: the one above the limit waits until the oldest leaves the window', async () => {
  await start({ serviceProtection: { requests: 3, windowMs: 10_000 } });
  expect(await ask()).toBe(200);
  now += 4000;
  expect(await askTimes(2)).toEqual([200, 200]);
  const refused = await client.post('contacts', { lastname: 'never' });
  expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([429, '0x80072322', '6']);
  expect(refused.text).toContain('Number of requests exceeded the limit of 3 over time window of 10 seconds.');
  expect([refused.headers.get(BURST), dataverse.rows.list('contact')]).toEqual(['0', []]);
  now += 5999;
  expect(await ask()).toEqual([429, 4, '0x80072322']);
  expect(dataverse.stats.serviceProtection).toMatchObject({ refused: { '0x80072322': 2 }, peakRequests: 3 });
});

test('one who obeys Retry-After is let in, as often as the window has room', async () => {
  await start({ serviceProtection: { requests: 3, windowMs: 10_000 } });
  await ask();
  now += 4000;
  await askTimes(2);
  expect(await ask()).toEqual([429, 6, '0x80072322']);
  now += 6000;
  expect(await askTimes(2)).toEqual([200, [429, 4, '0x80072322']]);
  now += 4000;
  expect(await askTimes(3)).toEqual([200, 200, [429, 6, '0x80072322']]);
});

test('one who goes on is shut out longer, up to a whole window; then all is forgiven', async () => {
  await start({ serviceProtection: { requests: 5, windowMs: 10_000 } });
  await askTimes(5);
  now += 9000;
  expect(await askTimes(7)).toEqual([1, 3, 5, 7, 9, 10, 10].map((seconds) => [429, seconds, '0x80072322']));
  now += 9999;
  expect(await ask()).toEqual([429, 3, '0x80072322']);
  now += 3000;
  expect(await askTimes(5)).toEqual(Array(5).fill(200));
});

test('a batch is one request; its operations are execution time', async () => {
  await start({ serviceProtection: { requests: 100, executionMs: 1000, windowMs: 60_000 }, executionMsPerPart: 100 });
  const { headers } = await client.batch([[create, create, create], create]);
  expect([headers.get(BURST), headers.get(TIME)]).toEqual(['99', '0.60']);
  now += 20_000;
  expect((await client.batch([Array<Part>(5).fill(create), create])).status).toBe(200);
  const refused = await client.batch([create]);
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get(TIME)]).toEqual([429, '40', '0.00']);
  expect(refused.code).toBe('0x80072321');
  expect(refused.text).toContain(
    'Combined execution time of incoming requests exceeded limit of 1,000 milliseconds over time window of 60 seconds. Decrease number',
  );
  now += 40_000;
  expect(await ask()).toBe(200);
  expect(dataverse.rows.list('contact')).toHaveLength(10);
});

test('5 ms an operation on an injected clock; measured time on the real one', async () => {
  await start({ serviceProtection: { executionMs: 15 } });
  expect(await askTimes(4)).toEqual([200, 200, 200, [429, 300, '0x80072321']]);
  await dataverse.stop();
  dataverse = await startDataverse({ serviceProtection: { executionMs: 60_000 } });
  client = rawClient(dataverse.url);
  const before = Number((await client.get('WhoAmI')).headers.get(TIME));
  expect(before).toBeLessThanOrEqual(60);
  dataverse.settings.change({ rowLocks: true, lockStepMs: 100 });
  await client.batch([[create, create]]);
  expect(before - Number((await client.get('WhoAmI')).headers.get(TIME))).toBeGreaterThanOrEqual(0.09);
});

test('concurrency: refused at once, free with the next answer, no effect on the window', async () => {
  await start({ serviceProtection: { concurrent: 3 }, delayMs: 150 });
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  expect(answers.filter((answer) => answer === 200)).toHaveLength(3);
  expect(answers.filter((answer) => answer !== 200)).toEqual(
    [1, 1, 1, 2, 2].map((seconds) => [429, seconds, '0x80072326']),
  );
  expect(dataverse.stats.serviceProtection).toEqual({
    refused: { '0x80072322': 0, '0x80072321': 0, '0x80072326': 5 },
    maxConcurrent: 3,
    peakRequests: 3,
  });
  expect(await ask()).toBe(200);
});

test('requests cut off or broken are no longer running; those without a token never were', async () => {
  await start({ serviceProtection: { concurrent: 1, requests: 3 } });
  for (const kind of ['reset-after-commit', 'truncate'] as const) {
    dataverse.faults.add({ kind });
    await expect(client.post('contacts', { lastname: kind })).rejects.toThrow();
  }
  expect((await fetch(`${client.root}WhoAmI`)).status).toBe(401);
  dataverse.faults.add({ kind: '503' });
  expect((await client.get('WhoAmI')).status).toBe(503);
  expect(await askTimes(2)).toEqual([200, [429, 300, '0x80072322']]);
});

test('new limits begin with an empty window; other settings leave it alone', async () => {
  await start({ serviceProtection: { requests: 1 } });
  expect(await askTimes(2)).toEqual([200, [429, 300, '0x80072322']]);
  dataverse.settings.change({ delayMs: 1, serviceProtection: { requests: 1 } });
  expect(await ask()).toEqual([429, 300, '0x80072322']);
  dataverse.settings.change({ serviceProtection: { requests: 2 } });
  expect(await askTimes(2)).toEqual([200, 200]);
  dataverse.settings.change({ serviceProtection: false });
  expect(await askTimes(3)).toEqual([200, 200, 200]);
});
