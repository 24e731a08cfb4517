// Rules of duplicate detection: published by a job, within limits.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;
beforeEach(async () => {
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
});
afterEach(() => dataverse.stop());

const makeRule = () => dataverse.rows.insert('duplicaterule', { name: 'Essai', baseentityname: 'contact' });
const addCondition = (rule: string, column: string, operatorcode = 0) =>
  client.post('duplicateruleconditions', {
    baseattributename: column,
    matchingattributename: column,
    operatorcode,
    'regardingobjectid@odata.bind': `/duplicaterules(${rule})`,
  });
const publish = (rule: string) => client.post('PublishDuplicateRule', { DuplicateRuleId: rule });
const statusOf = (rule: string) => dataverse.rows.get('duplicaterule', rule)?.['statuscode'];

test('a rule is published by a job that goes on after the answer, and unpublished at once', async () => {
  const rule = makeRule();
  await addCondition(rule, 'lastname');
  expect(await publish(rule)).toMatchObject({ status: 200, json: { JobId: expect.stringMatching(/^[\da-f-]{36}$/) } });
  expect(statusOf(rule)).toBe(1);
  expect((await publish(rule)).code).toBe('0x80048434');
  await expect.poll(() => statusOf(rule)).toBe(2);
  expect((await client.post('UnpublishDuplicateRule', { DuplicateRuleId: rule })).status).toBe(204);
  expect(statusOf(rule)).toBe(0);
});

test('a rule without conditions, with a match code that is too long, or that does not exist is refused', async () => {
  const rule = makeRule();
  expect((await publish(rule)).code).toBe('0x80048414');
  await addCondition(rule, 'description');
  expect((await publish(rule)).code).toBe('0x80048429');
  expect((await publish('00000000-0000-4000-8000-000000000000')).status).toBe(404);
});

test('a sixth rule about a table is refused', async () => {
  for (let at = 0; at < 5; at += 1)
    dataverse.rows.insert('duplicaterule', { baseentityname: 'contact', statuscode: 2 });
  const rule = makeRule();
  await addCondition(rule, 'lastname');
  expect((await publish(rule)).code).toBe('0x80048419');
});
