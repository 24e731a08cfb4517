// State, status reason and closed rows in the Dataverse emulator.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let lenient: DataverseEmulator;
let client: RawClient;

beforeAll(async () => {
  dataverse = await startDataverse();
  lenient = await startDataverse({ closedRowsRejectUpdates: false });
  client = rawClient(dataverse.url);
});

afterAll(() => Promise.all([dataverse.stop(), lenient.stop()]));

const state = (id: string) => {
  const row = dataverse.rows.get('appointment', id);
  return [row?.['statecode'], row?.['statuscode']];
};

describe('state of an appointment', () => {
  test('starts Open/Free, whatever state is sent; a reason of another state is refused', async () => {
    const created = await client.post(
      'appointments?$select=activityid,statecode,statuscode',
      { statecode: 3 },
      { prefer: 'return=representation' },
    );
    expect(created.json).toMatchObject({ statecode: 0, statuscode: 1 });
    expect((await client.post('appointments', { statuscode: 2 })).status).toBe(204);
    const refused = await client.post('appointments', { statecode: 3, statuscode: 5 });
    expect([refused.status, refused.code]).toEqual([400, '0x80048408']);
    expect(refused.text).toContain('5 is not a valid status code for state code AppointmentState.Open');
  });

  test('moves by update, alone with its default reason, together when the pair matches', async () => {
    const id = dataverse.rows.insert('appointment', { subject: 'RDV' });
    const url = `appointments(${id})`;
    await client.patch(url, { statecode: 3 });
    expect(state(id)).toEqual([3, 5]);
    await client.patch(url, { statuscode: 6 });
    expect(state(id)).toEqual([3, 6]);
    expect((await client.patch(url, { statuscode: 1 })).code).toBe('0x80048408');
    expect((await client.patch(url, { statecode: 2, statuscode: 3 })).code).toBe('0x80048408');
    expect((await client.patch(url, { statecode: 7, statuscode: 3 })).code).toBe('0x8004431a');
    expect(state(id)).toEqual([3, 6]);
    expect((await client.patch(url, { statecode: 1, statuscode: 3, subject: 'Vu' })).status).toBe(204);
    expect(state(id)).toEqual([1, 3]);
  });

  test.each([
    [1, 3],
    [2, 4],
  ])('state %i refuses columns, even with a reopening, and accepts a state alone', async (statecode, statuscode) => {
    const id = dataverse.rows.insert('appointment', { subject: 'RDV', statecode, statuscode });
    const url = `appointments(${id})`;
    const refused = await client.patch(url, { subject: 'Autre' });
    expect([refused.status, refused.code]).toEqual([400, '0x8004022e']);
    expect((await client.patch(url, { subject: 'Autre', statecode: 0, statuscode: 1 })).code).toBe('0x8004022e');
    expect((await client.patch(url, { appointment_activity_parties: [] })).code).toBe('0x8004022e');
    expect(dataverse.rows.get('appointment', id)?.['subject']).toBe('RDV');
    expect((await client.patch(url, { statecode: 0, statuscode: 1 })).status).toBe(204);
    expect((await client.patch(url, { subject: 'Autre' })).status).toBe(204);
    dataverse.rows.update('appointment', id, { statecode, statuscode });
    dataverse.rows.update('appointment', id, { subject: 'Dans le CRM' });
    expect(dataverse.rows.get('appointment', id)?.['subject']).toBe('Dans le CRM');
  });

  test('the other reading: closed rows accept updates', async () => {
    const id = lenient.rows.insert('appointment', { statecode: 1, statuscode: 3 });
    expect((await rawClient(lenient.url).patch(`appointments(${id})`, { subject: 'Autre' })).status).toBe(204);
  });
});

test('a contact is deactivated and still updated', async () => {
  const id = dataverse.rows.insert('contact', { lastname: 'Inactive' });
  await client.patch(`contacts(${id})`, { statecode: 1 });
  expect((await client.patch(`contacts(${id})`, { firstname: 'Still' })).status).toBe(204);
  expect(dataverse.rows.get('contact', id)).toMatchObject({ statecode: 1, statuscode: 2, firstname: 'Still' });
});
