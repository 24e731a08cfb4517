// The HTTP side of the Dataverse emulator: bearer, log, faults.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse({ token: 'secret' });
  client = rawClient(dataverse.url, 'secret');
});

afterAll(() => dataverse.stop());

const names = () => dataverse.rows.list('contact').map((row) => row['lastname']);
const create = (lastname: string) => client.post('contacts', { lastname });

test('a missing or wrong bearer gets an empty 401', async () => {
  for (const headers of [{}, { authorization: 'Bearer local' }, { authorization: 'Basic secret' }]) {
    const response = await fetch(`${dataverse.url}/api/data/v9.2/contacts`, { headers });
    expect([response.status, await response.text(), response.headers.get('www-authenticate')]).toEqual([
      401,
      '',
      'Bearer',
    ]);
  }
  expect((await client.get('contacts?$top=1')).status).toBe(200);
  expect(
    (await fetch(`${dataverse.url}/api/data/v8.2/contacts`, { headers: { authorization: 'Bearer secret' } })).status,
  ).toBe(404);
});

test('every answer carries the headers of the service', async () => {
  const { headers } = await client.get('WhoAmI');
  expect(headers.get('odata-version')).toBe('4.0');
  expect(headers.get('x-ms-dop-hint')).toBe('4');
  for (const name of [
    'req_id',
    'x-ms-service-request-id',
    'x-ms-ratelimit-burst-remaining-xrm-requests',
    'x-ms-ratelimit-time-remaining-xrm-requests',
  ]) {
    expect(headers.get(name)).toBeTruthy();
  }
});

test('requests are logged without their query, and the log can be cleared', async () => {
  await client.get('contacts?$top=1');
  await client.get('nothing');
  expect(dataverse.requests).toEqual([
    { method: 'GET', path: '/api/data/v9.2/contacts', status: 200, durationMs: expect.any(Number) },
    { method: 'GET', path: '/api/data/v9.2/nothing', status: 404, durationMs: expect.any(Number) },
  ]);
  expect(await (await fetch(`${dataverse.url}/__requests`)).json()).toHaveLength(2);
  expect((await fetch(`${dataverse.url}/__requests`, { method: 'DELETE' })).status).toBe(204);
  expect(dataverse.requests).toEqual([]);
});

describe('faults', () => {
  const answered: [
    kind: Parameters<DataverseEmulator['faults']['add']>[0]['kind'],
    status: number,
    code: string | undefined,
  ][] = [
    ['429', 429, '0x80072322'],
    ['503', 503, undefined],
    ['502-html', 502, undefined],
    ['200-html', 200, undefined],
    ['401', 401, undefined],
    ['500-sql', 500, '0x80044150'],
    ['500-sql-timeout', 500, '0x80044151'],
    ['bad-json', 200, undefined],
    ['malformed-batch', 200, undefined],
    ['deadlock', 500, '0x80044150'],
  ];
  test.each(answered)('%s: nothing written, once', async (kind, status, code) => {
    dataverse.faults.add({ kind });
    const answer = await create('A');
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(names()).toEqual([]);
    expect((await create('B')).status).toBe(204);
    expect(names()).toEqual(['B']);
  });

  test('429 says which limit and how long to wait', async () => {
    dataverse.faults.add({ kind: '429', code: '0x80072326', retryAfter: 17 });
    const answer = await client.get('contacts');
    expect([answer.code, answer.headers.get('retry-after')]).toEqual(['0x80072326', '17']);
  });

  test.each(['reset', 'reset-after-commit', 'truncate', 'cut'] as const)('%s breaks the answer', async (kind) => {
    dataverse.faults.add({ kind });
    await expect(create('A')).rejects.toThrow();
    expect(names()).toEqual(kind === 'reset' ? [] : ['A']);
    expect(dataverse.requests.at(-1)?.status).toBe(kind === 'truncate' || kind === 'cut' ? 204 : 0);
  });

  test('cut resets the connection in the middle of a body', async () => {
    dataverse.rows.insert('contact', { lastname: 'x'.repeat(50) });
    dataverse.faults.add({ kind: 'cut' });
    const response = await fetch(`${client.root}contacts?$select=lastname`, {
      headers: { authorization: 'Bearer secret' },
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test('stall sends half a body, then nothing', async () => {
    dataverse.faults.add({ kind: 'stall' });
    const response = await fetch(`${client.root}contacts`, {
      headers: { authorization: 'Bearer secret' },
      signal: AbortSignal.timeout(300),
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(/timeout|abort/i);
  });

  test('slow answers later', async () => {
    dataverse.faults.add({ kind: 'slow', ms: 120 });
    const started = performance.now();
    expect((await create('A')).status).toBe(204);
    expect(performance.now() - started).toBeGreaterThan(100);
  });

  test('deadlock rolls back one change set and leaves the rest', async () => {
    dataverse.faults.add({ kind: 'deadlock' });
    const part = (lastname: string) => ({ method: 'POST', path: 'contacts', body: { lastname } });
    const answer = await client.batch([[part('A'), part('B')], [part('C')]], { prefer: 'odata.continue-on-error' });
    expect(answer.parts.map((item) => [item.status, item.code])).toEqual([
      [500, '0x80044150'],
      [204, undefined],
    ]);
    expect(answer.text).toContain('deadlock');
    expect(names()).toEqual(['C']);
    dataverse.faults.add({ kind: 'deadlock' });
    expect((await client.batch([[part('D')]])).status).toBe(500);
  });

  test('times and match; -1 lasts until cleared', async () => {
    dataverse.faults.add({ kind: '503', times: -1, match: { method: 'POST', path: '/contacts' } });
    expect((await client.get('contacts')).status).toBe(200);
    expect((await client.post('teams', { name: 'x' })).status).toBe(204);
    expect([(await create('A')).status, (await create('A')).status]).toEqual([503, 503]);
    dataverse.faults.clear();
    expect((await create('A')).status).toBe(204);
  });

  test('over HTTP: added, listed, cleared; a wrong one is explained', async () => {
    const url = `${dataverse.url}/__faults`;
    const post = (body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
    expect((await post([{ kind: '503' }, { kind: '401', times: 2 }])).status).toBe(200);
    expect(await (await fetch(url)).json()).toMatchObject([
      { kind: '503', times: 1 },
      { kind: '401', times: 2 },
    ]);
    expect([(await create('A')).status, (await create('A')).status]).toEqual([503, 401]);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await create('A')).status).toBe(204);
    const wrong = await post({ kind: '418' });
    expect([wrong.status, (await wrong.text()).includes('kind')]).toEqual([400, true]);
    expect((await fetch(`${dataverse.url}/other`)).status).toBe(404);
  });
});

test('two emulators with the same rows give equal snapshots', async () => {
  const other = await startDataverse({ clock: () => new Date('2020-01-01T00:00:00Z') });
  for (const { rows } of [dataverse, other]) {
    const id = rows.insert('contact', { contactid: '00000000-0000-4000-8000-000000000001', lastname: 'A' });
    rows.insert('appointment', {
      activityid: '00000000-0000-4000-8000-000000000002',
      appointment_activity_parties: [{ 'partyid_contact@odata.bind': `/contacts(${id})`, participationtypemask: 5 }],
    });
  }
  expect(dataverse.snapshot()).toEqual(other.snapshot());
  other.rows.update('contact', '00000000-0000-4000-8000-000000000001', { firstname: 'B' });
  expect(dataverse.snapshot()).not.toEqual(other.snapshot());
  await other.stop();
});
