// What happens to related rows in the Dataverse emulator: deletion and merge.

import { afterAll, beforeEach, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { IN_SOLUTION, makeTables, relationship } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
  await makeTables(client);
});

afterAll(() => dataverse.stop());

const contact = (lastname: string) => dataverse.rows.insert('contact', { lastname });
const link = (id: string) =>
  dataverse.rows.insert('smp_link', { smp_name: 'l', 'smp_Contact@odata.bind': `/contacts(${id})` });
const lookups = (name: string, lookup: string, Delete: string) =>
  client.post(
    'RelationshipDefinitions',
    relationship(name, { from: 'smp_link', to: 'contact', lookup, cascade: { Delete } }),
    IN_SOLUTION,
  );

test('deletion: RemoveLink empties and raises the version, Cascade deletes, Restrict refuses and changes nothing', async () => {
  await lookups('smp_cascade', 'smp_Strong', 'Cascade');
  await lookups('smp_restrict', 'smp_Needed', 'Restrict');
  const id = contact('Deleted');
  const weak = link(id);
  const strong = dataverse.rows.insert('smp_link', { 'smp_Strong@odata.bind': `/contacts(${id})` });
  const needed = dataverse.rows.insert('smp_link', { 'smp_Needed@odata.bind': `/contacts(${id})` });
  const before = dataverse.snapshot();
  const refused = await client.remove(`contacts(${id})`);
  expect([refused.status, refused.code]).toEqual([405, '0x80040227']);
  expect(dataverse.snapshot()).toEqual(before);
  await client.patch(`smp_links(${needed})`, { 'smp_Needed@odata.bind': null });
  const version = dataverse.rows.get('smp_link', weak)?.['versionnumber'];
  expect((await client.remove(`contacts(${id})`)).status).toBe(204);
  expect(dataverse.rows.get('smp_link', weak)).toMatchObject({ _smp_contact_value: null });
  expect(dataverse.rows.get('smp_link', weak)?.['versionnumber']).not.toBe(version);
  expect(dataverse.rows.get('smp_link', strong)).toBeUndefined();
});

test('deleting a contact deletes the appointments that regard it (documented cascade of Contact_Appointments)', async () => {
  const id = contact('Regarded');
  const appointment = dataverse.rows.insert('appointment', {
    'regardingobjectid_contact_appointment@odata.bind': `/contacts(${id})`,
  });
  await client.remove(`contacts(${id})`);
  expect(dataverse.rows.get('appointment', appointment)).toBeUndefined();
  expect(dataverse.rows.parties(appointment)).toEqual([]);
});

const entity = (contactid: string, rest = {}) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.contact',
  contactid,
  ...rest,
});

test('merge: the subordinate is deactivated, links and regarding follow, and attendees where the settings say so', async () => {
  dataverse.settings.change({ partiesFollowMerge: true });
  const [target, subordinate] = [contact('Target'), contact('Subordinate')];
  const other = contact('Child');
  dataverse.rows.update('contact', other, { 'parentcustomerid_contact@odata.bind': `/contacts(${subordinate})` });
  const own = link(subordinate);
  const appointment = dataverse.rows.insert('appointment', {
    'regardingobjectid_contact_appointment@odata.bind': `/contacts(${subordinate})`,
    appointment_activity_parties: [
      { 'partyid_contact@odata.bind': `/contacts(${subordinate})`, participationtypemask: 5 },
    ],
  });
  const merge = {
    Target: entity(target),
    Subordinate: entity(subordinate),
    UpdateContent: entity(target, { contactid: undefined, firstname: 'Merged' }),
    PerformParentingChecks: false,
  };
  expect((await client.post('Merge', merge)).status).toBe(204);
  expect(dataverse.rows.get('contact', target)).toMatchObject({ firstname: 'Merged', statecode: 0 });
  expect(dataverse.rows.get('contact', subordinate)).toMatchObject({
    statecode: 1,
    statuscode: 2,
    merged: true,
    _masterid_value: target,
  });
  expect(dataverse.rows.get('contact', other)).toMatchObject({ _parentcustomerid_value: target });
  expect(dataverse.rows.get('smp_link', own)).toMatchObject({ _smp_contact_value: target });
  expect(dataverse.rows.get('appointment', appointment)).toMatchObject({ _regardingobjectid_value: target });
  const parties = dataverse.rows.parties(appointment).filter((row) => row['participationtypemask'] !== 9);
  expect(parties.map((row) => row['_partyid_value'])).toEqual([target, target]);
  expect(
    (await client.get(`contacts(${subordinate})?$select=fullname&$expand=masterid($select=fullname)`)).json,
  ).toMatchObject({ masterid: { fullname: 'Merged Target' } });
  expect((await client.post('Merge', merge)).code).toBe('0x80045304');
});

test('merge: no page promises that attendees follow, so they stay with the row that is merged away', async () => {
  const [target, subordinate] = [contact('Target'), contact('Subordinate')];
  const appointment = dataverse.rows.insert('appointment', {
    appointment_activity_parties: [
      { 'partyid_contact@odata.bind': `/contacts(${subordinate})`, participationtypemask: 5 },
    ],
  });
  await client.post('Merge', {
    Target: entity(target),
    Subordinate: entity(subordinate),
    PerformParentingChecks: false,
  });
  expect(dataverse.rows.get('contact', subordinate)).toMatchObject({ merged: true });
  const [attendee] = dataverse.rows.parties(appointment).filter((row) => row['participationtypemask'] === 5);
  expect(attendee).toMatchObject({ _partyid_value: subordinate });
});

test('merge refuses unknown rows, the same row twice, missing parameters', async () => {
  const id = contact('One');
  const missing = '00000000-0000-4000-8000-00000000dead';
  const rest = { PerformParentingChecks: false };
  expect((await client.post('Merge', { Target: entity(id), Subordinate: entity(missing), ...rest })).code).toBe(
    '0x80040217',
  );
  expect((await client.post('Merge', { Target: entity(id), Subordinate: entity(id), ...rest })).code).toBe(
    '0x80045305',
  );
  expect((await client.post('Merge', { Target: entity(id), Subordinate: { contactid: id }, ...rest })).code).toBe(
    '0x80048d19',
  );
  expect((await client.post('Merge', { Target: entity(id), ...rest })).code).toBe('0x80040203');
});
