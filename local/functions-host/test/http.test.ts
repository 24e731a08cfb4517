// HTTP triggers: requests, answers and queue outputs.
import { createHmac } from 'node:crypto';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../azurite.ts';
import type { FunctionsHost } from '../host.ts';
import { journal } from './fixture-app/journal.ts';
import { QUEUE, SECRET, startFixture } from './fixture-app/start.ts';

let azurite: Azurite;
let host: FunctionsHost;
const KEYS = { functions: { receive: 'function-key' }, host: 'host-key', master: 'master-key' };

beforeAll(async () => {
  azurite = await startAzurite();
  host = await startFixture(azurite, { authKeys: KEYS });
});
afterAll(async () => {
  await host.stop();
  await azurite.stop();
});

const sign = (body: Buffer | string) => createHmac('sha256', SECRET).update(body).digest('hex');
const post = (path: string, body: Buffer | string, headers: Record<string, string> = {}) =>
  fetch(`${host.url}/api/${path}`, { method: 'POST', body, headers });

describe('a request', () => {
  const bodies = {
    ASCII: Buffer.from('{"a":1}'),
    'UTF-8 with a BOM': Buffer.from('\ufeff{"é":"\u2028"}'),
    'Latin-1, NUL and CRLF': Buffer.from([0xe9, 0x00, 0x0d, 0x0a, 0xff]),
  };
  test.each(Object.entries(bodies))('reaches the function with its exact bytes: %s', async (_name, body) => {
    const answer = await post('signed/cd62', body, { 'x-signature': sign(body), 'x-functions-key': 'function-key' });
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'accepted' }]);
  });

  test('has lower-case headers, text parameters and repeated values joined by commas', async () => {
    const answer = await fetch(`${host.url}/API/Echo/42?a=1&a=2`, { headers: { 'X-Mixed-Case': 'Yes' } });
    expect(await answer.json()).toMatchObject({
      params: { id: '42' },
      query: { a: '1,2' },
      headers: { 'x-mixed-case': 'Yes' },
    });
    expect(answer.headers.getSetCookie()).toEqual(['seen=yes; path=/; httponly']);
  });

  test('with a chunked body arrives empty', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(`${host.url}/api/echo/1`, { method: 'POST' }, async (response) => {
        resolve(Buffer.concat(await response.toArray()).toString());
      });
      request.on('error', reject);
      request.write('{"a":');
      request.end('1}');
    });
    const seen = JSON.parse(body);
    expect([seen.body, seen.headers['transfer-encoding'], seen.headers['content-length']]).toEqual([
      '',
      'chunked',
      undefined,
    ]);
  });

  test('above the body limit is answered with 500', async () => {
    const limited = await startFixture(azurite, { settings: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10' } });
    const answers = await Promise.all(
      ['0123456789', '0123456789a'].map((body) => fetch(`${limited.url}/api/echo/1`, { method: 'POST', body })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 500]);
    await limited.stop();
  });

  const statusOf = (path: string, options: RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${host.url}${path}`, options, ({ statusCode }) => {
        resolve(statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });

  test('may have 100 MiB, when no setting says otherwise', async () => {
    const declares = (length: number) => ({ method: 'POST', headers: { 'content-length': length } });
    expect(await statusOf('/api/echo/1', declares(104_857_601))).toBe(500);
    const within = httpRequest(`${host.url}/api/echo/1`, declares(104_857_600));
    const answered = new Promise((resolve) => within.on('response', resolve).on('error', resolve));
    within.flushHeaders();
    expect(await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 200, 'is read'))])).toBe(
      'is read',
    );
    within.destroy();
  });

  test.each([
    ['a long header', '/api/nothing', { 'x-long': 'x'.repeat(20_000) }, 204],
    ['an address of 9 kB', `/api/nothing?${'x'.repeat(9000)}`, {}, 414],
    ['a NUL in its path', '/api/label/a%00b', {}, 400],
  ])('with %s is answered by the front of the host', async (_name, path, headers, status) => {
    expect(await statusOf(path, { headers })).toBe(status);
  });

  test('keeps an encoded slash in a route value', async () => {
    const answer = await fetch(`${host.url}/api/label/a%2Fb%20c%252F`);
    expect(await answer.text()).toBe('a%2Fb c%2F');
  });
});

describe('an answer', () => {
  const cases: [path: string, method: string, status: number][] = [
    ['api/signed/cd62', 'GET', 404],
    ['signed/cd62', 'POST', 404],
    ['api/echo/not-a-number', 'GET', 404],
    ['api/off', 'GET', 404],
    ['api/signed', 'POST', 401],
    ['api/signed?code=function-key', 'POST', 401],
    ['api/nothing', 'GET', 204],
    ['api/broken', 'GET', 500],
  ];
  test.each(cases)('/%s %s → %i', async (path, method, status) => {
    const answer = await fetch(`${host.url}/${path}`, { method });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });

  test.each([
    ['a wrong key', 'signed', { 'x-functions-key': 'wrong' }, 401],
    [
      'a wrong key in the header and a right one in the query',
      'signed?code=function-key',
      { 'x-functions-key': 'wrong' },
      401,
    ],
    ['the key of the function in the query', 'signed?code=function-key', {}, 202],
    ['the key of the host', 'signed', { 'x-functions-key': 'host-key' }, 202],
    ['the master key', 'signed', { 'x-functions-key': 'master-key' }, 202],
  ])('to %s', async (_name, path, headers, status) => {
    const answer = await post(path, 'x', { ...headers, 'x-signature': sign('x') });
    expect(answer.status).toBe(status);
  });

  test('and a log line may be changed by hooks', async () => {
    expect((await fetch(`${host.url}/api/teapot`)).status).toBe(418);
    expect(host.logs).toContainEqual(expect.objectContaining({ message: 'the lid is off, call **********' }));
  });

  test.each([
    ['tick', 'master-key', 202],
    ['tick', 'host-key', 401],
    ['tock', 'master-key', 404],
  ])('to a call that runs the timer %s with the %s is %i', async (name, key, status) => {
    const headers = { 'x-functions-key': key };
    const answer = await fetch(`${host.url}/admin/functions/${name}`, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(status);
  });

  test('of 202 means that the message is queued, and the function of that queue runs', async () => {
    await host.idle();
    journal.length = 0;
    const body = '{"starts_at":"2026-11-24T09:00:00.500+02:00"}';
    await post('signed/cd62?code=host-key', body, { 'x-signature': sign(body) });
    await host.idle();
    expect(journal.map(({ input }) => input)).toEqual([JSON.parse(body)]);
    expect(host.logs).toContainEqual(
      expect.objectContaining({ functionName: 'receive', category: 'user', message: 'received 45 bytes from cd62' }),
    );
  });

  test('of 202 becomes 500 when the storage account is away', async () => {
    const away = {
      connectionString: azurite.connectionString.replace(
        /QueueEndpoint=[^;]+/,
        'QueueEndpoint=http://127.0.0.1:9/devstoreaccount1',
      ),
    };
    const cut = await startFixture(away);
    const answer = await fetch(`${cut.url}/api/signed`, {
      method: 'POST',
      body: 'x',
      headers: { 'x-signature': sign('x') },
    });
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    await cut.stop();
  });
});

describe('a queue output', () => {
  const queued = async () => {
    const sink = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('fixture-sink');
    const { receivedMessageItems } = await sink.receiveMessages({ numberOfMessages: 32 });
    await sink.clearMessages();
    return receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString());
  };

  test('that is a Buffer is exact', async () => {
    await post('put/buffer', '{"at":"2026-11-24T09:00:00+02:00" }');
    expect(await queued()).toEqual(['{"at":"2026-11-24T09:00:00+02:00" }']);
  });

  test('that is a JSON-looking string is parsed, split and rewritten', async () => {
    await post('put/value', JSON.stringify('[{"at":"2026-11-24T09:00:00.500+02:00"},"b"]'));
    expect((await queued()).sort()).toEqual(['b', '{\n  "at": "2026-11-24T07:00:00.5+00:00"\n}']);
  });

  test('that looks like JSON but is not makes the request fail', async () => {
    expect((await post('put/value', JSON.stringify('{not json}'))).status).toBe(500);
    expect(await queued()).toEqual([]);
  });

  test('may have 49,152 bytes, not one more', async () => {
    const answers = await Promise.all([49_152, 49_153].map((size) => post('put/buffer', Buffer.alloc(size, 'x'))));
    expect(answers.map(({ status }) => status)).toEqual([202, 500]);
    expect((await queued()).map(({ length }) => length)).toEqual([49_152]);
  });
});

test('the fixture listens to the queue that a setting names', () => {
  expect(host.functions).not.toContain('off');
  expect(host.logs.some(({ message }) => message.includes(`'${QUEUE}'`))).toBe(true);
});
