// Roles, publishers, solutions and publishing in the Dataverse emulator: names once, valid versions and prefixes.

import { afterAll, beforeEach, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { makeSolution } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
  await makeSolution(client);
});
afterAll(() => dataverse.stop());

test('a role name once in a business unit', async () => {
  const root = dataverse.rows.list('businessunit')[0]?.['businessunitid'];
  const other = dataverse.rows.insert('businessunit', { name: 'Ville-Test' });
  const make = (name: string, unit = String(root)) =>
    client.post('roles', { name, 'businessunitid@odata.bind': `/businessunits(${unit})` });
  expect((await make('Lecture')).status).toBe(204);
  expect(await make('LECTURE')).toMatchObject({ status: 400, code: '0x80041403' });
  expect((await make('Lecture', other)).status).toBe(204);
});

const publisher = (values = {}) =>
  client.post('publishers', { uniquename: 'autre', friendlyname: 'Autre', customizationprefix: 'aut', ...values });

test('a publisher’s unique name once', async () => {
  expect((await publisher()).status).toBe(204);
  expect((await publisher()).code).toBe('0x80040237');
});

test.each([
  ['aut', 204],
  ['a1234567', 204],
  ['a', 400],
  ['a12345678', 400],
  ['1aut', 400],
  ['a-b', 400],
  ['mscrmx', 400],
  [null, 400],
])('the prefix %s: %i', async (customizationprefix, status) => {
  expect((await publisher({ customizationprefix })).status).toBe(status);
});

test.each([
  [{ version: '1.0' }, undefined],
  [{ version: '1.0.0.0' }, undefined],
  [{ version: '1' }, '0x8004f01e'],
  [{ version: 'v1.0' }, '0x8004f01e'],
  [{ version: '1.0.0.0.0' }, '0x8004f01e'],
  [{ uniquename: 'Mon nom' }, '0x8004f002'],
  [{ uniquename: 'sample' }, '0x8004f023'],
])('a solution with %j: %s', async (values, code) => {
  const [owner] = dataverse.rows.list('publisher');
  const answer = await client.post('solutions', {
    uniquename: 'Autre',
    friendlyname: 'Autre',
    version: '1.0.0.0',
    'publisherid@odata.bind': `/publishers(${owner?.['publisherid']})`,
    ...values,
  });
  expect(answer.code).toBe(code);
});

test('PublishXml names tables that exist', async () => {
  const publish = (name: string) =>
    client.post('PublishXml', {
      ParameterXml: `<importexportxml><entities><entity>contact</entity><entity>${name}</entity></entities></importexportxml>`,
    });
  expect((await publish('appointment')).status).toBe(204);
  expect(await publish('smp_nothing')).toMatchObject({ status: 400, code: '0x80040217' });
});
