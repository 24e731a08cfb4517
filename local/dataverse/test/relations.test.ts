// Parental relationships in the Dataverse emulator: what may be built, and what follows from assign, share, delete, merge.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { definition, IN_SOLUTION, label, makeTables, relationship } from './sample-solution.ts';

const APPLICATION = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';
const ALL = { Assign: 'Cascade', Delete: 'Cascade', Reparent: 'Cascade', Share: 'Cascade', Unshare: 'Cascade' };

let dataverse: DataverseEmulator;
let client: RawClient;
let agent: string;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse({ applications: { app: APPLICATION } });
  client = rawClient(dataverse.url);
  await makeTables(client);
  await table('smp_visit', 'UserOwned');
  agent = dataverse.rows.insert('systemuser', { lastname: 'Agent-Test' });
  const role = dataverse.rows.insert('role', { name: 'Visites' });
  dataverse.rows.insert('systemuserroles', { systemuserid: agent, roleid: role });
  for (const { privilegeid, name } of dataverse.rows.list('privilege')) {
    if (name !== 'prvReadsmp_visit') continue;
    dataverse.rows.insert('roleprivileges', {
      roleid: role,
      privilegeid: String(privilegeid),
      privilegedepthmask: 1,
    });
  }
});
afterAll(() => dataverse.stop());

async function table(name: string, OwnershipType: string): Promise<void> {
  const answer = await client.post(
    'EntityDefinitions',
    {
      SchemaName: name,
      DisplayName: label(name),
      DisplayCollectionName: label(name),
      OwnershipType,
      Attributes: [definition('String', `${name}name`, { IsPrimaryName: true, MaxLength: 50 })],
    },
    IN_SOLUTION,
  );
  expect(answer.status).toBe(204);
}

interface Ends {
  from?: string;
  to?: string;
  lookup?: string;
}

const relate = (
  cascade: Record<string, string>,
  { from = 'smp_visit', to = 'contact', lookup = 'smp_Of' }: Ends = {},
) =>
  client.post(
    'RelationshipDefinitions',
    relationship(`smp_${to}_${from}_${lookup}`, { from, to, lookup, cascade }),
    IN_SOLUTION,
  );

const visitOf = (contact: string, values = {}) =>
  dataverse.rows.insert('smp_visit', { 'smp_Of@odata.bind': `/contacts(${contact})`, ...values });
const assign = (contact: string) =>
  client.patch(`contacts(${contact})`, { 'ownerid@odata.bind': `/systemusers(${agent})` });
const ownerOf = (visit: string) => dataverse.rows.get('smp_visit', visit)?.['_ownerid_value'];

describe('what may be built', () => {
  test.each([
    ['contact', { Merge: 'NoCascade' }, '0x80048204'],
    ['contact', { Merge: 'Cascade' }, undefined],
    ['contact', {}, undefined],
    ['appointment', { Merge: 'Cascade' }, '0x80048204'],
    ['appointment', { Merge: 'NoCascade' }, undefined],
  ])('to %s with %j: %s', async (to, cascade, code) => {
    expect((await relate({ Delete: 'RemoveLink', ...cascade }, { to })).code).toBe(code);
  });

  test('a later change follows the same rule', async () => {
    await relate({ Delete: 'RemoveLink' });
    const found = await client.get("RelationshipDefinitions(SchemaName='smp_contact_smp_visit_smp_Of')");
    expect(found.json['CascadeConfiguration']).toMatchObject({ Merge: 'Cascade' });
    const changed = await client.send('PUT', `RelationshipDefinitions(${found.json['MetadataId']})`, {
      '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      CascadeConfiguration: { Merge: 'NoCascade' },
    });
    expect(changed.code).toBe('0x80048204');
  });

  test('one parental relationship a table; regarding is none of them', async () => {
    expect((await relate(ALL, { to: 'appointment' })).status).toBe(204);
    expect((await relate({ Delete: 'Cascade' }, { lookup: 'smp_Second' })).code).toBe('0x80047007');
    expect((await relate({ Delete: 'RemoveLink' }, { lookup: 'smp_Second' })).status).toBe(204);
  });

  test('a custom table is no parent of a system table', async () => {
    const ends = { from: 'contact', to: 'smp_visit', lookup: 'smp_Visit' };
    expect((await relate({ Delete: 'Cascade' }, ends)).code).toBe('0x80047102');
    expect((await relate({ Delete: 'RemoveLink' }, ends)).status).toBe(204);
  });

  test('User-Owned asks for owners on both sides', async () => {
    expect((await relate({ Assign: 'UserOwned', Delete: 'RemoveLink' }, { from: 'smp_link' })).code).toBe('0x80044156');
  });
});

describe('assign', () => {
  test.each([
    ['Cascade', ['open', 'closed', 'foreign']],
    ['Active', ['open', 'foreign']],
    ['UserOwned', ['open', 'closed']],
    ['NoCascade', []],
  ])('%s reaches %j', async (Assign, reached) => {
    await relate({ Assign, Delete: 'RemoveLink' });
    const contact = dataverse.rows.insert('contact', {});
    const other = dataverse.rows.insert('systemuser', { lastname: 'Autre-Test' });
    const visits = {
      open: visitOf(contact),
      closed: visitOf(contact, { statecode: 1 }),
      foreign: visitOf(contact, { _ownerid_value: other }),
    };
    expect((await assign(contact)).status).toBe(204);
    const given = Object.entries(visits).filter(([, id]) => ownerOf(id) === agent);
    expect(given.map(([name]) => name)).toEqual(reached);
  });

  test('an owner who cannot read the rows below refuses the whole', async () => {
    await relate(ALL);
    const contact = dataverse.rows.insert('contact', {});
    const visit = visitOf(contact);
    const plain = dataverse.rows.insert('systemuser', { lastname: 'Autre-Test' });
    const before = dataverse.snapshot();
    const refused = await client.patch(`contacts(${contact})`, { 'ownerid@odata.bind': `/systemusers(${plain})` });
    expect(refused.code).toBe('0x80040231');
    expect(dataverse.snapshot()).toEqual(before);
    expect(ownerOf(visit)).not.toBe(plain);
  });

  test('appointments regarding a contact go with it, completed ones too (Contact_Appointments)', async () => {
    const contact = dataverse.rows.insert('contact', {});
    const regarding = { 'regardingobjectid_contact_appointment@odata.bind': `/contacts(${contact})` };
    const open = dataverse.rows.insert('appointment', regarding);
    const closed = dataverse.rows.insert('appointment', { ...regarding, statecode: 1 });
    expect((await assign(contact)).status).toBe(204);
    for (const id of [open, closed]) {
      expect(dataverse.rows.get('appointment', id)).toMatchObject({ _ownerid_value: agent });
      expect(dataverse.rows.parties(id)).toContainEqual(
        expect.objectContaining({ participationtypemask: 9, _partyid_value: agent }),
      );
    }
  });

  test('a new child belongs to who makes it, not to the owner of its parent', async () => {
    await relate(ALL);
    const contact = dataverse.rows.insert('contact', { _ownerid_value: agent });
    await client.post('smp_visits', { 'smp_Of@odata.bind': `/contacts(${contact})` });
    const me = (await client.get('WhoAmI')).json['UserId'];
    expect(dataverse.rows.list('smp_visit')).toMatchObject([{ _ownerid_value: me }]);
  });
});

test('share goes down, a new child is shared as its parent is, and the end of a share goes down too', async () => {
  await relate(ALL);
  const { rows } = dataverse;
  rows.update('systemuser', agent, { applicationid: APPLICATION });
  const app = rawClient(dataverse.url, 'app');
  const contact = rows.insert('contact', {});
  const [old] = [visitOf(contact)];
  const Target = { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: contact };
  const Principal = { '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', systemuserid: agent };
  const seen = async () => {
    const { json } = await app.get('smp_visits?$select=smp_visitid&$count=true');
    return json['@odata.count'];
  };
  expect(await seen()).toBe(0);
  await client.post('GrantAccess', { Target, PrincipalAccess: { Principal, AccessMask: 'ReadAccess' } });
  expect(await seen()).toBe(1);
  const later = visitOf(contact);
  expect(await seen()).toBe(2);
  await client.post('RevokeAccess', { Target, Revokee: Principal });
  expect(await seen()).toBe(0);
  expect([old, later].map((id) => rows.get('smp_visit', id))).toHaveLength(2);
});

test('who owns a row reads those below it where Reparent cascades, and writes none', async () => {
  await relate({ ...ALL, Assign: 'NoCascade' });
  const { rows } = dataverse;
  rows.update('systemuser', agent, { applicationid: APPLICATION });
  const app = rawClient(dataverse.url, 'app');
  const contact = rows.insert('contact', { _ownerid_value: agent });
  const visit = visitOf(contact);
  expect((await app.get(`smp_visits(${visit})`)).status).toBe(200);
  expect((await app.get('smp_visits?$count=true')).json['@odata.count']).toBe(1);
  expect((await app.patch(`smp_visits(${visit})`, { smp_visitname: 'A' })).code).toBe('0x80040220');
  rows.update('smp_visit', visit, { _smp_of_value: rows.insert('contact', {}) });
  expect((await app.get(`smp_visits(${visit})`)).code).toBe('0x80048306');
});

test('merge: the rows below follow the surviving contact, keep their owner, and both must be active', async () => {
  await relate(ALL);
  const { rows } = dataverse;
  const [target, subordinate] = [rows.insert('contact', {}), rows.insert('contact', {})];
  const visit = visitOf(subordinate, { _ownerid_value: agent });
  const entity = (contactid: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid });
  const merge = { Target: entity(target), Subordinate: entity(subordinate), PerformParentingChecks: false };
  expect((await client.post('Merge', merge)).status).toBe(204);
  expect(rows.get('smp_visit', visit)).toMatchObject({ _smp_of_value: target, _ownerid_value: agent });
  expect(
    (await client.post('Merge', { ...merge, Subordinate: entity(rows.insert('contact', { statecode: 1 })) })).code,
  ).toBe('0x80045304');
});

test('merge asks for the privilege of its name', async () => {
  const { rows } = dataverse;
  rows.update('systemuser', agent, { applicationid: APPLICATION });
  const [target, subordinate] = [0, 1].map(() => rows.insert('contact', { _ownerid_value: agent }));
  const entity = (contactid = '') => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid });
  const merge = { Target: entity(target), Subordinate: entity(subordinate), PerformParentingChecks: false };
  const app = rawClient(dataverse.url, 'app');
  expect((await app.post('Merge', merge)).code).toBe('0x80045301');
  const role = rows.list('role').find(({ name }) => name === 'Visites');
  const privilege = rows.list('privilege').find(({ name }) => name === 'prvMerge');
  rows.insert('roleprivileges', {
    roleid: String(role?.['roleid']),
    privilegeid: String(privilege?.['privilegeid']),
    privilegedepthmask: 8,
  });
  expect((await app.post('Merge', merge)).status).toBe(204);
});
