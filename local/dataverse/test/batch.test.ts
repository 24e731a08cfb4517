// $batch of the Dataverse emulator: format, change sets, references, limits.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { batchBody, type Part, type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
});

afterAll(() => dataverse.stop());

const ID = '00000000-0000-4000-8000-000000000001';
const MULTIPART = { 'content-type': 'multipart/mixed; boundary="batch_1"' };

const create = (lastname: string, rest: Partial<Part> = {}): Part => ({
  method: 'POST',
  path: '/api/data/v9.2/contacts',
  body: { lastname },
  ...rest,
});
const read = (path: string): Part => ({ method: 'GET', path });
const names = () => dataverse.rows.list('contact').map((row) => row['lastname']);

describe('change sets', () => {
  test('all or nothing: one failed part, versions as before, an earlier answer kept', async () => {
    dataverse.rows.insert('contact', { contactid: ID, lastname: 'Before' });
    const before = dataverse.rows.get('contact', ID);
    const answer = await client.batch([
      create('Alone'),
      [
        { method: 'PATCH', path: `contacts(${ID})`, body: { lastname: 'After' } },
        create('New'),
        { method: 'DELETE', path: `contacts(${ID})` },
        { method: 'PATCH', path: `contacts(${ID})`, body: {}, headers: { 'If-Match': '*' } },
      ],
      create('Never'),
    ]);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/);
    expect(answer.parts.map((part) => [part.status, part.code])).toEqual([
      [204, undefined],
      [404, '0x80040217'],
    ]);
    expect(names().sort()).toEqual(['Alone', 'Before']);
    expect(dataverse.rows.get('contact', ID)).toEqual(before);
    expect(dataverse.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/data/v9.2/$batch',
      status: 400,
      parts: 6,
    });
  });

  test('parts see the parts before them; conditions hold inside', async () => {
    const answer = await client.batch([
      [
        { method: 'PATCH', path: `contacts(${ID})`, body: { lastname: 'A' }, headers: { 'If-None-Match': '*' } },
        {
          method: 'POST',
          path: `${client.root}appointments`,
          body: { 'regardingobjectid_contact_appointment@odata.bind': `/contacts(${ID})` },
        },
      ],
    ]);
    expect(answer.status).toBe(200);
    expect(answer.parts.map((part) => part.status)).toEqual([204, 204]);
    const again = await client.batch([
      [{ method: 'PATCH', path: `contacts(${ID})`, body: { lastname: 'B' }, headers: { 'If-None-Match': '*' } }],
    ]);
    expect([again.status, again.parts[0]?.status, again.parts[0]?.code]).toEqual([400, 412, '0x80040237']);
  });

  test('continue-on-error runs the rest and answers 200', async () => {
    const answer = await client.batch(
      [read('contacts(x)'), [create('Set'), read('nothing')].slice(0, 1), read('nothings'), create('Last')],
      {
        prefer: 'odata.continue-on-error',
      },
    );
    expect(answer.status).toBe(200);
    expect(answer.parts.map((part) => part.status)).toEqual([400, 204, 404, 204]);
    expect(names()).toEqual(['Set', 'Last']);
  });
});

describe('several change sets', () => {
  const bad = (contentId?: string): Part => ({
    ...read('x'),
    method: 'DELETE',
    path: `contacts(${ID})`,
    ...(contentId !== undefined && { contentId }),
  });
  const sets = [
    [create('A', { contentId: '1' }), create('B', { contentId: '2' })],
    [create('C', { contentId: '3' }), bad('4'), create('D', { contentId: '5' })],
    [create('E', { contentId: '6' })],
  ];
  const nested = (text: string) => text.split('--changesetresponse_').length > 1;
  const failedSet = (text: string) => {
    const at = text.indexOf('HTTP/1.1 404');
    return text.slice(text.lastIndexOf('\r\n--', at), at);
  };

  test('each is a transaction of its own; without the preference the first failure ends the batch', async () => {
    const answer = await client.batch(sets);
    expect(answer.status).toBe(400);
    expect(answer.parts.map(({ status }) => status)).toEqual([204, 204, 404]);
    expect(names()).toEqual(['A', 'B']);
    expect(failedSet(answer.text)).not.toContain('Content-ID');
  });

  test('with the preference all run; a failed one has one part with the Content-ID of what failed', async () => {
    const answer = await client.batch(sets, { prefer: 'odata.continue-on-error' });
    expect(answer.status).toBe(200);
    expect(answer.parts.map(({ status }) => status)).toEqual([204, 204, 404, 204]);
    expect(names()).toEqual(['A', 'B', 'E']);
    expect(failedSet(answer.text)).toMatch(/changesetresponse_.*Content-ID: 4\r\n/s);
  });

  test.each([
    'flat',
    'nested',
    'nested-content-id',
  ] as const)('a failed one is answered %s on demand', async (shape) => {
    dataverse.settings.change({ failedChangeSet: shape });
    for (const headers of [{}, { prefer: 'odata.continue-on-error' }]) {
      const answer = await client.batch([[create('C'), bad('4')]], headers);
      expect(nested(answer.text)).toBe(shape !== 'flat');
      expect(answer.text.includes('Content-ID: 4')).toBe(shape === 'nested-content-id');
      expect(answer.parts.map(({ code }) => code)).toEqual(['0x80040217']);
    }
  });

  test('a part without a Content-ID fails without one', async () => {
    const answer = await client.batch([[bad()]], { prefer: 'odata.continue-on-error' });
    expect([nested(answer.text), answer.text.includes('Content-ID')]).toEqual([true, false]);
  });
});

describe('references', () => {
  test('`$1` in a URL and in a bound value', async () => {
    const answer = await client.batch([
      [
        create('Parent', { contentId: '1' }),
        create('Child', { contentId: '2', body: { lastname: 'Child', 'parentcustomerid_contact@odata.bind': '$1' } }),
        { method: 'PATCH', path: '$2', body: { firstname: 'By reference' } },
        { method: 'PUT', path: '$1/firstname', body: { value: 'Of property' } },
        {
          method: 'POST',
          path: '/api/data/v9.2/appointments',
          body: { appointment_activity_parties: [{ 'partyid_contact@odata.bind': '$2', participationtypemask: 5 }] },
        },
      ],
    ]);
    expect(answer.status).toBe(200);
    const [parent, child] = dataverse.rows.list('contact');
    expect(child).toMatchObject({ firstname: 'By reference', _parentcustomerid_value: parent?.['contactid'] });
    expect(parent).toMatchObject({ firstname: 'Of property' });
    const [appointment] = dataverse.rows.list('appointment');
    expect(dataverse.rows.parties(String(appointment?.['activityid']))[0]).toMatchObject({
      _partyid_value: child?.['contactid'],
    });
  });

  test('an unknown or repeated Content-ID is refused', async () => {
    const unknown = await client.batch([[{ method: 'PATCH', path: '$9', body: {} }]]);
    expect(unknown.status).toBe(400);
    expect(unknown.text).toContain("Content-ID Reference: '$9' does not exist in the batch context.");
    expect((await client.batch([[create('A', { contentId: '1' }), create('B', { contentId: '1' })]])).status).toBe(400);
    expect(names()).toEqual([]);
  });

  test('absolute, host-relative and root-relative URLs; spaces and percent-encoding in queries', async () => {
    dataverse.rows.insert('contact', { lastname: "d'Été" });
    const filter = "$select=lastname&$filter=lastname eq 'd''Été'";
    const answer = await client.batch([
      read(`contacts?${filter}`),
      read(`/api/data/v9.2/contacts?${filter}`),
      read(`${client.root}contacts?${encodeURI(filter)}`),
      read(`contacts?$select=lastname&$filter=lastname%20eq%20@p1&@p1=${encodeURIComponent("'d''Été'")}`),
    ]);
    expect(answer.parts.map((part) => part.json['value'])).toEqual(
      Array(4).fill([expect.objectContaining({ lastname: "d'Été" })]),
    );
    const outside = await client.batch([read('http://example.fr/other')]);
    expect(outside.status).toBe(400);
  });
});

describe('strictness', () => {
  const good = batchBody([[create('A')], read('contacts?$select=lastname')]);
  const bad: [what: string, body: string][] = [
    ['line feeds only', good.replaceAll('\r\n', '\n')],
    ['one line feed before a delimiter', good.replace(/\r\n--batch_1--/, '\n--batch_1--')],
    ['one line feed among the headers of a part', good.replace('binary\r\n', 'binary\n')],
    ['no line end after the last delimiter', good.replace(/\r\n$/, '')],
    ['half a line end after the last delimiter', good.replace(/\n$/, '')],
    ['no last delimiter', good.replace('--batch_1--\r\n', '')],
    ['another boundary', good.replaceAll('batch_1', 'batch_2')],
    ['no transfer encoding', good.replace('Content-Transfer-Encoding: binary\r\n', '')],
    ['no request line', good.replace('POST /api/data/v9.2/contacts HTTP/1.1', 'POST')],
    ['GET inside a change set', batchBody([[read('contacts')]])],
    ['a batch inside a batch', batchBody([{ method: 'POST', path: '/api/data/v9.2/$batch', body: 'x' }])],
  ];
  test.each(bad)('refuses %s', async (_what, body) => {
    const answer = await client.send('POST', '$batch', body, MULTIPART);
    expect(answer.status).toBe(400);
    expect(names()).toEqual([]);
  });

  test('a URL has 64 KB in a batch, 32 KB outside', async () => {
    const url = (length: number) => `contacts?$filter=lastname eq '${'x'.repeat(length - 31)}'`;
    expect(url(1000)).toHaveLength(1000);
    expect((await client.batch([read(url(65_536))])).status).toBe(200);
    expect((await client.batch([read(url(65_537))])).status).toBe(400);
    expect((await client.get(url(30_000))).status).toBe(200);
    expect((await client.get(url(33_000))).status).toBe(414);
  });

  test('says "Stream was not readable" for wrong line ends', async () => {
    const answer = await client.send('POST', '$batch', good.replaceAll('\r\n', '\n'), MULTIPART);
    expect([answer.code, answer.text.includes('Stream was not readable')]).toEqual(['0x80048d19', true]);
  });

  test('takes a preamble, a quoted boundary, and line feeds inside JSON', async () => {
    const body = `preamble\r\n${good.replace('{"lastname":"A"}', '{\n  "lastname": "A"\n}')}`;
    expect((await client.send('POST', '$batch', body, MULTIPART)).status).toBe(200);
    expect(names()).toEqual(['A']);
  });

  test('takes 1,000 operations, change-set parts included, and no more', async () => {
    const parts = Array.from({ length: 1000 }, (_, index) => create(`n${index}`));
    expect((await client.batch([parts])).status).toBe(200);
    expect(names()).toHaveLength(1000);
    expect((await client.batch([parts, read('contacts?$top=1')])).status).toBe(400);
    expect(names()).toHaveLength(1000);
  });
});
