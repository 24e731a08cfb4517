// Rows of the Dataverse emulator: create, update, upsert, conditions, and everything it refuses.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import type { Json } from '../src/json.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { makeTables } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;
let made = 0;

const newId = (): string => {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
};
const contact = (lastname: string): string => dataverse.rows.insert('contact', { lastname });
const version = (id: string): string => `W/"${dataverse.rows.get('contact', id)?.['versionnumber']}"`;

beforeAll(async () => {
  dataverse = await startDataverse({ clock: () => new Date('2026-03-01T08:00:00.250Z') });
  client = rawClient(dataverse.url);
  await makeTables(client);
});

afterAll(() => dataverse.stop());

describe('create', () => {
  test('answers 204 with the URL of the row; 201 with the row when asked', async () => {
    const plain = await client.post('contacts', { firstname: 'Ada', lastname: 'Lovelace' });
    expect(plain.status).toBe(204);
    expect(plain.headers.get('odata-entityid')).toMatch(/\/contacts\([0-9a-f-]{36}\)$/);
    const shown = await client.post(
      'contacts?$select=fullname,createdon,statecode,statuscode,preferredcontactmethodcode,_ownerid_value',
      { firstname: 'Ada', lastname: 'Lovelace' },
      { prefer: 'return=representation' },
    );
    expect(shown.status).toBe(201);
    expect(shown.headers.get('odata-entityid')).toBeNull();
    expect(shown.headers.get('preference-applied')).toBe('return=representation');
    expect(shown.headers.get('etag')).toBe(shown.json['@odata.etag']);
    const who = await client.get('WhoAmI');
    expect(shown.json).toMatchObject({
      fullname: 'Ada Lovelace',
      createdon: '2026-03-01T08:00:00Z',
      statecode: 0,
      statuscode: 1,
      preferredcontactmethodcode: 1,
      _ownerid_value: who.json['UserId'],
    });
  });

  test('takes an id from the payload once', async () => {
    const contactid = newId();
    expect((await client.post('contacts', { contactid })).status).toBe(204);
    const again = await client.post('contacts', { contactid });
    expect([again.status, again.code]).toEqual([412, '0x80040237']);
  });

  test('ignores columns that are not valid for create', async () => {
    const contactid = newId();
    const sent = { contactid, createdon: '2001-01-01T00:00:00Z', fullname: 'x', statecode: 1, versionnumber: 3 };
    expect((await client.post('contacts', sent)).status).toBe(204);
    expect(dataverse.rows.get('contact', contactid)).toMatchObject({
      createdon: '2026-03-01T08:00:00Z',
      fullname: null,
      statecode: 0,
    });
  });

  test('sets the owner to a team, with its business unit', async () => {
    const team = dataverse.rows.insert('team', { name: 'MDS' });
    const role = dataverse.rows.list('role').find(({ name }) => name === 'Basic User');
    dataverse.rows.insert('teamroles', { teamid: team, roleid: String(role?.['roleid']) });
    const contactid = newId();
    await client.post('contacts', { contactid, 'ownerid@odata.bind': `/teams(${team})` });
    expect(dataverse.rows.get('contact', contactid)).toMatchObject({
      _owningteam_value: team,
      _owninguser_value: null,
    });
  });
});

test('texts keep tabs, line ends and whole surrogate pairs', async () => {
  const description = 'a\tb\r\nc\u0085 😀';
  const contact = dataverse.rows.insert('contact', { lastname: 'Test' });
  expect((await client.patch(`contacts(${contact})`, { description })).status).toBe(204);
  expect(dataverse.rows.get('contact', contact)).toMatchObject({ description });
});

describe('refused values', () => {
  const refused: [what: string, body: Json, status: number, code: string][] = [
    ['unknown property', { shoesize: 42 }, 400, '0x0'],
    ['wrong case', { FirstName: 'A' }, 400, '0x0'],
    ['undeclared navigation property', { 'parentcustomerid@odata.bind': `/contacts(${newId()})` }, 400, '0x80048d19'],
    ['navigation property in the wrong case', { 'smp_contact@odata.bind': '/contacts(x)' }, 400, '0x80048d19'],
    ['lookup set directly', { _parentcustomerid_value: newId() }, 400, '0x0'],
    ['long text', { firstname: 'x'.repeat(51) }, 400, '0x80044331'],
    ['a vertical tab in a text', { firstname: 'a\u000bb' }, 400, '0x80040278'],
    ['a null character in a long text', { description: '\u0000' }, 400, '0x80040278'],
    ['half of a surrogate pair', { firstname: '\ud83d' }, 400, '0x80040278'],
    ['U+FFFF', { firstname: '\uffff' }, 400, '0x80040278'],
    ['number for a text', { firstname: 5 }, 400, '0x80048d19'],
    ['text for a number', { numberofchildren: '3' }, 400, '0x80048d19'],
    ['fraction for a whole number', { numberofchildren: 1.5 }, 400, '0x80048d19'],
    ['whole number out of range', { numberofchildren: -1 }, 400, '0x80044330'],
    ['text for yes/no', { donotemail: 'true' }, 400, '0x80048d19'],
    ['option not in the set', { gendercode: 9 }, 400, '0x8004431a'],
    ['option by label', { gendercode: 'Male' }, 400, '0x80048d19'],
    ['date-time for a date', { birthdate: '2001-02-03T00:00:00Z' }, 400, '0x80048d19'],
    ['day that does not exist', { birthdate: '2001-02-30' }, 400, '0x80048d19'],
    ['French date', { birthdate: '03/02/2001' }, 400, '0x80048d19'],
    ['date before 1753', { birthdate: '1492-10-12' }, 400, '0x80040239'],
    ['date-time without offset', { lastonholdtime: '2026-01-05T08:30:00' }, 400, '0x80048d19'],
    ['null owner', { 'ownerid@odata.bind': null }, 400, '0x80040203'],
    ['bind to a missing row', { 'parentcustomerid_contact@odata.bind': `/contacts(${newId()})` }, 404, '0x80040217'],
    [
      'bind to a missing key',
      { 'parentcustomerid_contact@odata.bind': "/contacts(smp_usagerid='0')" },
      404,
      '0x80060891',
    ],
    ['bind to an unknown set', { 'parentcustomerid_contact@odata.bind': '/Contacts(x)' }, 404, '0x8006088a'],
    ['status reason of another state', { statuscode: 2 }, 400, '0x80048408'],
    ['broken JSON', '{"firstname":', 400, '0x80048d19'],
  ];

  test.each(refused)('%s', async (_what, body, status, code) => {
    const before = dataverse.rows.list('contact').length;
    const answer = await client.post('contacts', body);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.headers.get('req_id')).toBeTruthy();
    expect(dataverse.rows.list('contact')).toHaveLength(before);
  });

  test('a reference to a row of the wrong table', async () => {
    const team = dataverse.rows.insert('team', { name: 'x' });
    const answer = await client.post('contacts', { 'parentcustomerid_contact@odata.bind': `/teams(${team})` });
    expect([answer.status, answer.code]).toEqual([400, '0x80048d19']);
  });

  test('resources, keys and verbs that do not exist', async () => {
    const id = contact('Verbs');
    expect((await client.get('Contacts')).code).toBe('0x8006088a');
    expect((await client.get(`contacts(${newId()})`)).code).toBe('0x80040217');
    expect((await client.get("contacts(lastname='x')")).code).toBe('0x80060890');
    expect((await client.get("contacts(smp_usagerid='a%2Fb')")).status).toBe(400);
    expect((await client.patch('contacts', {})).status).toBe(405);
    expect((await client.post(`contacts(${id})`, {})).status).toBe(405);
    expect((await client.post('activityparties', {})).status).toBe(405);
    expect((await client.get(`contacts(${id})/shoesize`)).status).toBe(400);
    expect((await client.patch(`contacts(${id})`, { contactid: newId() })).code).toBe('0x80040203');
    expect((await client.send('POST', 'contacts', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

describe('update', () => {
  test('changes what is sent, raises the version, empties with null and empty text', async () => {
    const id = contact('Curie');
    const before = version(id);
    expect((await client.patch(`contacts(${id})`, { firstname: 'Marie', birthdate: '1867-11-07' })).status).toBe(204);
    expect(version(id)).not.toBe(before);
    expect(dataverse.rows.get('contact', id)).toMatchObject({ fullname: 'Marie Curie', birthdate: '1867-11-07' });
    await client.patch(`contacts(${id})`, { firstname: '', birthdate: null });
    expect(dataverse.rows.get('contact', id)).toMatchObject({ fullname: 'Curie', firstname: null, birthdate: null });
  });

  test('sets and clears a lookup by bind, `$ref`, null', async () => {
    const [parent, child] = [contact('Parent'), contact('Child')];
    const read = () => dataverse.rows.get('contact', child)?.['_parentcustomerid_value'];
    for (const url of [`contacts(${parent})`, `/contacts(${parent})`, `${client.root}contacts(${parent})`]) {
      await client.patch(`contacts(${child})`, { 'parentcustomerid_contact@odata.bind': url });
      expect(read()).toBe(parent);
      await client.patch(`contacts(${child})`, { 'parentcustomerid_contact@odata.bind': null });
      expect(read()).toBeNull();
    }
    const link = `contacts(${child})/parentcustomerid_contact/$ref`;
    expect((await client.send('PUT', link, { '@odata.id': `${client.root}contacts(${parent})` })).status).toBe(204);
    expect((await client.get(link)).json['@odata.id']).toBe(`${client.root}contacts(${parent})`);
    expect((await client.get(`contacts(${child})/parentcustomerid_contact?$select=lastname`)).json).toMatchObject({
      lastname: 'Parent',
    });
    expect((await client.remove(link)).status).toBe(204);
    expect((await client.get(link)).status).toBe(204);
    await client.post(`contacts(${parent})/contact_customer_contacts/$ref`, {
      '@odata.id': `${client.root}contacts(${child})`,
    });
    expect(read()).toBe(parent);
    await client.remove(`contacts(${parent})/contact_customer_contacts(${child})/$ref`);
    expect(read()).toBeNull();
  });

  test('reads, sets and deletes one property', async () => {
    const id = contact('Property');
    expect((await client.send('PUT', `contacts(${id})/firstname`, { value: 'Zoé' })).status).toBe(204);
    expect((await client.get(`contacts(${id})/firstname`)).json['value']).toBe('Zoé');
    expect((await client.get(`contacts(${id})/firstname/$value`)).text).toBe('Zoé');
    expect((await client.remove(`contacts(${id})/firstname`)).status).toBe(204);
    expect((await client.get(`contacts(${id})/firstname`)).status).toBe(204);
  });

  test('many-to-many links of users and roles', async () => {
    const user = dataverse.rows.insert('systemuser', { lastname: 'Agent', internalemailaddress: 'a@b.fr' });
    const role = dataverse.rows.list('role').find(({ name }) => name === 'System Administrator');
    const path = `systemusers(${user})/systemuserroles_association`;
    await client.post(`${path}/$ref`, { '@odata.id': `${client.root}roles(${role?.['roleid']})` });
    expect((await client.get(`${path}?$select=name`)).json['value']).toMatchObject([
      { name: 'Basic User' },
      { name: 'System Administrator' },
    ]);
    await client.remove(`${path}(${role?.['roleid']})/$ref`);
    expect((await client.get(`${path}?$select=name`)).json['value']).toMatchObject([{ name: 'Basic User' }]);
  });
});

describe('upsert', () => {
  test('PATCH by GUID: the table of cases', async () => {
    const id = newId();
    const url = `contacts(${id})`;
    const body = { lastname: 'Upsert' };
    const none = { 'if-none-match': '*' };
    expect((await client.patch(url, body, { 'if-match': '*' })).status).toBe(404);
    expect((await client.patch(url, body, { 'if-match': 'W/"1"' })).status).toBe(404);
    expect((await client.patch(url, body, none)).status).toBe(204);
    const refused = await client.patch(url, body, none);
    expect([refused.status, refused.code]).toEqual([412, '0x80040237']);
    expect((await client.patch(url, body)).status).toBe(204);
    expect((await client.patch(url, body, { 'if-match': '*' })).status).toBe(204);
    const etag = version(id);
    expect((await client.patch(url, body, { 'if-match': etag })).status).toBe(204);
    const late = await client.patch(url, { lastname: 'Late' }, { 'if-match': etag });
    expect([late.status, late.code]).toEqual([412, '0x80060882']);
    expect(dataverse.rows.get('contact', id)?.['lastname']).toBe('Upsert');
    const shown = { prefer: 'return=representation' };
    expect((await client.patch(`${url}?$select=contactid&$expand=masterid`, body, shown)).json).toEqual({
      '@odata.context': `${client.root}$metadata#contacts(contactid)/$entity`,
      '@odata.etag': version(id),
      contactid: id,
    });
    expect((await client.patch(`contacts(${newId()})`, body, shown)).status).toBe(201);
  });

  test('PATCH by alternate key: URL as EntityId, body wins on create, key columns dropped on update', async () => {
    const url = "contacts(smp_usagerid='77')";
    const created = await client.patch(url, { lastname: 'Key' });
    expect(created.headers.get('odata-entityid')).toBe(client.root + url);
    expect((await client.patch(url, { smp_usagerid: '78', firstname: 'Kept' })).status).toBe(204);
    expect((await client.get(`${url}?$select=firstname,smp_usagerid`)).json).toMatchObject({
      firstname: 'Kept',
      smp_usagerid: '77',
    });
    await client.patch("contacts(smp_usagerid='80')", { smp_usagerid: '81' });
    expect((await client.get("contacts(smp_usagerid='80')")).code).toBe('0x80060891');
    expect((await client.get("contacts(smp_usagerid='81')")).status).toBe(200);
    const twice = await client.post('contacts', { smp_usagerid: '77' });
    expect([twice.status, twice.code]).toEqual([412, '0x80060892']);
  });
});

describe('conditions', () => {
  test('GET with the current ETag gives 304, except with $expand', async () => {
    const id = contact('Etag');
    const headers = { 'if-none-match': version(id) };
    const shown = await client.get(`contacts(${id})?$select=lastname`);
    expect(shown.headers.get('etag')).toBe(version(id));
    expect((await client.get(`contacts(${id})?$select=lastname`, headers)).status).toBe(304);
    expect((await client.get(`contacts(${id})?$select=lastname&$expand=masterid`, headers)).status).toBe(200);
    dataverse.rows.update('contact', id, { lastname: 'Changed' });
    expect((await client.get(`contacts(${id})?$select=lastname`, headers)).json).toMatchObject({ lastname: 'Changed' });
  });

  test('DELETE obeys If-Match; a second one is 404', async () => {
    const id = contact('Deleted');
    expect((await client.remove(`contacts(${id})`, { 'if-match': 'W/"1"' })).code).toBe('0x80060882');
    expect((await client.remove(`contacts(${id})`, { 'if-match': version(id) })).status).toBe(204);
    expect((await client.remove(`contacts(${id})`)).code).toBe('0x80040217');
  });
});
