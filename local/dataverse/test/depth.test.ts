// How far privileges reach in the Dataverse emulator: own rows, those of the business unit, of those below, of all; shares.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

const APPLICATION = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';
const DEPTHS = ['Basic', 'Local', 'Deep', 'Global'] as const;
type Depth = (typeof DEPTHS)[number];

let dataverse: DataverseEmulator;
let admin: RawClient;
let app: RawClient;
let user: string;
let role: string;
/** One contact for each owner: the caller, a colleague of the same unit, one of a unit below, one of a unit beside. */
let contacts: Record<'own' | 'near' | 'below' | 'beside', string>;
let team: string;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse({ applications: { app: APPLICATION } });
  admin = rawClient(dataverse.url);
  app = rawClient(dataverse.url, 'app');
  const { rows } = dataverse;
  const root = String(rows.list('businessunit')[0]?.['businessunitid']);
  const unit = (name: string, parent: string) =>
    rows.insert('businessunit', { name, _parentbusinessunitid_value: parent });
  const home = unit('Ville-Test', root);
  const person = (businessUnit: string, values = {}) =>
    rows.insert('systemuser', { _businessunitid_value: businessUnit, ...values });
  user = person(home, { applicationid: APPLICATION });
  role = rows.insert('role', { name: 'Essai', _businessunitid_value: home });
  rows.insert('systemuserroles', { systemuserid: user, roleid: role });
  team = rows.insert('team', { name: 'Équipe-Test', teamtype: 0, _businessunitid_value: root });
  const of = (owner: string) => rows.insert('contact', { _ownerid_value: owner });
  contacts = {
    own: of(user),
    near: of(person(home)),
    below: of(person(unit('Quartier-Test', home))),
    beside: of(person(unit('Autre-Test', root))),
  };
});
afterAll(() => dataverse.stop());

/** Gives privileges through the message that Dataverse has for it. */
async function allow(depth: Depth, ...names: string[]): Promise<void> {
  const Privileges = dataverse.rows
    .list('privilege')
    .filter(({ name }) => names.includes(String(name)))
    .map(({ privilegeid }) => ({ PrivilegeId: String(privilegeid), Depth: depth }));
  const path = `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
  expect((await admin.post(path, { Privileges })).status).toBe(204);
}

const REACHED = {
  Basic: ['own'],
  Local: ['own', 'near'],
  Deep: ['own', 'near', 'below'],
  Global: ['own', 'near', 'below', 'beside'],
} as const;

describe.each(DEPTHS)('%s', (depth) => {
  test('a query shows what is reached, and counts no more; a row that is not is refused', async () => {
    await allow(depth, 'prvReadContact');
    const reached = new Set<string>(REACHED[depth].map((name) => contacts[name]));
    const shown = await app.get('contacts?$select=contactid&$count=true');
    expect(shown.json['@odata.count']).toBe(reached.size);
    for (const id of reached) expect(shown.text).toContain(id);
    for (const id of Object.values(contacts)) {
      const { status, code } = await app.get(`contacts(${id})?$select=contactid`);
      expect([status, code]).toEqual(reached.has(id) ? [200, undefined] : [403, '0x80048306']);
    }
  });

  test('write and delete reach as far', async () => {
    await allow('Global', 'prvReadContact');
    await allow(depth, 'prvWriteContact', 'prvDeleteContact');
    const reached = new Set<string>(REACHED[depth].map((name) => contacts[name]));
    for (const id of Object.values(contacts)) {
      const expected = reached.has(id) ? 204 : 403;
      expect((await app.patch(`contacts(${id})`, { firstname: 'A' })).status).toBe(expected);
      expect((await app.remove(`contacts(${id})`)).status).toBe(expected);
    }
  });

  test('assign, append and append to reach as far', async () => {
    await allow('Global', 'prvReadContact', 'prvReadUser', 'prvWriteContact');
    await allow(depth, 'prvAssignContact', 'prvAppendContact', 'prvAppendToContact');
    const reached = new Set<string>(REACHED[depth].map((name) => contacts[name]));
    const target = contacts.own;
    for (const id of Object.values(contacts)) {
      const expected = reached.has(id) ? 204 : 403;
      const body = (parent: string) => ({ 'parentcustomerid_contact@odata.bind': `/contacts(${parent})` });
      expect((await app.patch(`contacts(${id})`, body(target))).status).toBe(expected);
      expect((await app.patch(`contacts(${target})`, body(id))).status).toBe(expected);
    }
    for (const id of Object.values(contacts)) {
      const assigned = await app.patch(`contacts(${id})`, { 'ownerid@odata.bind': `/systemusers(${user})` });
      expect(assigned.status).toBe(reached.has(id) ? 204 : 403);
    }
  });
});

test('create at user depth makes rows of one’s own only', async () => {
  await allow('Basic', 'prvReadContact', 'prvCreateContact');
  await allow('Global', 'prvAssignContact', 'prvReadUser');
  const other = String(dataverse.rows.get('contact', contacts.near)?.['_ownerid_value']);
  expect((await app.post('contacts', {})).status).toBe(204);
  expect(await app.post('contacts', { 'ownerid@odata.bind': `/systemusers(${other})` })).toMatchObject({
    status: 403,
    code: '0x80048306',
  });
});

test('a row of one’s team is one’s own', async () => {
  await allow('Basic', 'prvReadContact');
  const id = dataverse.rows.insert('contact', { _ownerid_value: team });
  expect((await app.get(`contacts(${id})`)).code).toBe('0x80048306');
  dataverse.rows.insert('teammembership', { teamid: team, systemuserid: user });
  expect((await app.get(`contacts(${id})`)).status).toBe(200);
});

test('parties are read as far as their appointment', async () => {
  await allow('Basic', 'prvReadActivity', 'prvReadContact');
  const attendee = { 'partyid_contact@odata.bind': `/contacts(${contacts.own})`, participationtypemask: 5 };
  const of = (owner: string) =>
    dataverse.rows.insert('appointment', { _ownerid_value: owner, appointment_activity_parties: [attendee] });
  const [own] = [of(user), of(String(dataverse.rows.get('contact', contacts.near)?.['_ownerid_value']))];
  const parties = await app.get('activityparties?$select=_activityid_value&$filter=participationtypemask eq 5');
  expect(parties.json['value']).toMatchObject([{ _activityid_value: own }]);
});

test('an expanded lookup that may not be read is empty, an expanded collection leaves out', async () => {
  await allow('Basic', 'prvReadContact');
  const { rows } = dataverse;
  rows.update('contact', contacts.own, { _parentcustomerid_value: contacts.near });
  rows.update('contact', contacts.below, { _parentcustomerid_value: contacts.own });
  const expand = '$expand=parentcustomerid_contact($select=contactid),contact_customer_contacts($select=contactid)';
  const { json } = await app.get(`contacts(${contacts.own})?$select=contactid&${expand}`);
  expect(json).toMatchObject({ parentcustomerid_contact: null, contact_customer_contacts: [] });
});

test('a shared row is reached for the rights that were shared; the share ends, and share itself reaches as far as its depth', async () => {
  await allow('Basic', 'prvReadContact', 'prvWriteContact', 'prvShareContact');
  const path = `contacts(${contacts.near})`;
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: contacts.near };
  const principal = { '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', systemuserid: user };
  const grant = { Target: target, PrincipalAccess: { Principal: principal, AccessMask: 'ReadAccess' } };
  expect(await app.post('GrantAccess', grant)).toMatchObject({ status: 403, code: '0x80048306' });
  expect((await admin.post('GrantAccess', grant)).status).toBe(204);
  expect((await app.get(path)).status).toBe(200);
  expect((await app.patch(path, { firstname: 'A' })).code).toBe('0x80048306');
  const more = { ...grant, PrincipalAccess: { Principal: principal, AccessMask: 'WriteAccess, ShareAccess' } };
  expect((await admin.post('GrantAccess', more)).status).toBe(204);
  expect((await app.patch(path, { firstname: 'A' })).status).toBe(204);
  expect((await app.post('RevokeAccess', { Target: target, Revokee: principal })).status).toBe(204);
  expect((await app.get(path)).code).toBe('0x80048306');
});

test('depths are kept, told, and refused where the table has none', async () => {
  await allow('Deep', 'prvReadContact');
  const { json } = await admin.get(`RetrieveRolePrivilegesRole(RoleId=${role})`);
  expect(json['RolePrivileges']).toMatchObject([{ PrivilegeName: 'prvReadContact', Depth: 'Deep' }]);
  const publishers = dataverse.rows.list('privilege').find(({ name }) => name === 'prvReadPublisher');
  const refused = await admin.post(`roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
    Privileges: [{ PrivilegeId: String(publishers?.['privilegeid']), Depth: 'Basic' }],
  });
  expect(refused).toMatchObject({ status: 400, code: '0x8004140b' });
});
