// Queries of the Dataverse emulator: $filter, $select, $expand, $orderby, paging, annotations.

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { isObject, objects } from '../src/json.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { makeTables } from './sample-solution.ts';

const ADA = '00000000-0000-4000-8000-0000000000a1';
const BOB = '00000000-0000-4000-8000-0000000000b2';
const EVE = '00000000-0000-4000-8000-0000000000e3';
const RDV = '00000000-0000-4000-8000-0000000000f4';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeAll(async () => {
  dataverse = await startDataverse({ clock: () => new Date('2026-03-01T12:00:00Z') });
  client = rawClient(dataverse.url);
  await makeTables(client);
  const { rows } = dataverse;
  rows.insert('contact', {
    contactid: ADA,
    firstname: 'Ada',
    lastname: 'Lovelace',
    birthdate: '1815-12-10',
    numberofchildren: 3,
    donotemail: true,
  });
  rows.insert('contact', {
    contactid: BOB,
    firstname: 'Bob',
    lastname: "O'Brian",
    numberofchildren: 1,
    'parentcustomerid_contact@odata.bind': `contacts(${ADA})`,
  });
  rows.insert('contact', { contactid: EVE, firstname: 'Ève', lastname: '100 % Été', statecode: 1, statuscode: 2 });
  rows.insert('smp_link', { smp_name: 'un', 'smp_Contact@odata.bind': `contacts(${ADA})` });
  rows.insert('smp_link', { smp_name: 'deux', 'smp_Contact@odata.bind': `contacts(${EVE})` });
  rows.insert('smp_link', { smp_name: 'trois' });
  rows.insert('appointment', {
    activityid: RDV,
    subject: 'RDV',
    scheduledstart: '2026-03-01T09:00:00Z',
    'regardingobjectid_contact_appointment@odata.bind': `contacts(${ADA})`,
    appointment_activity_parties: [ADA, BOB].map((id, index) => ({
      'partyid_contact@odata.bind': `contacts(${id})`,
      participationtypemask: 5 + index,
    })),
  });
});

afterAll(() => dataverse.stop());

const query = (set: string, options: string) => client.get(`${set}?${options.replaceAll('+', '%2B')}`);
const values = async (set: string, column: string, options: string) =>
  objects((await query(set, `$select=${column}&${options}`)).json, 'value').map((row) => row[column]);

const contacts: [filter: string, found: string[]][] = [
  ["firstname eq 'ADA'", ['Ada']],
  ["firstname eq 'eve'", ['Ève']],
  ["lastname eq 'O''Brian'", ['Bob']],
  ["firstname ne 'Ada'", ['Bob', 'Ève']],
  ['birthdate ne 1815-12-10', ['Bob', 'Ève']],
  ['birthdate eq null', ['Bob', 'Ève']],
  ['birthdate ne null', ['Ada']],
  ['birthdate lt 1900-01-01', ['Ada']],
  ['numberofchildren gt 1', ['Ada']],
  ['1 le numberofchildren', ['Ada', 'Bob']],
  ['donotemail', ['Ada']],
  ['donotemail eq false', ['Bob', 'Ève']],
  ['createdon ge 2026-03-01T12:00:00Z and createdon le 2026-03-01T13:00:00%2B01:00', ['Ada', 'Bob', 'Ève']],
  ["contains(lastname,'lace')", ['Ada']],
  ["startswith(lastname,'o''')", ['Bob']],
  ["endswith(lastname,'ete')", ['Ève']],
  ["contains(lastname,'l%25e')", ['Ada']],
  ["not contains(lastname,'a')", ['Ève']],
  ["not contains(lastname,'a') and statecode eq 0", []],
  ["not(firstname eq 'Ada') and statecode eq 0", ['Bob']],
  ["statecode eq 1 or firstname eq 'Ada' and numberofchildren eq 3", ['Ada', 'Ève']],
  ["(statecode eq 1 or firstname eq 'Ada') and numberofchildren eq 3", ['Ada']],
  ["firstname eq 'Bob' and not statecode eq 1 or statecode eq 1", ['Bob', 'Ève']],
  [`contactid eq ${ADA}`, ['Ada']],
  [`contactid eq '${ADA.toUpperCase()}'`, ['Ada']],
  [`_parentcustomerid_value eq ${ADA}`, ['Bob']],
  ['_parentcustomerid_value ne null', ['Bob']],
  ["parentcustomerid_contact/lastname eq 'Lovelace'", ['Bob']],
  ['parentcustomerid_contact/createdby/lastname ne null', ['Bob']],
  [`Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=["${EVE}","${ADA}","${RDV}"])`, ['Ève', 'Ada']],
  [`Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=['${ADA}']) and statecode eq 1`, []],
  [
    `Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=['${ADA}']) or firstname eq 'Bob'`,
    ['Ada', 'Bob'],
  ],
  ['Microsoft.Dynamics.CRM.In(PropertyName=\'lastname\',PropertyValues=["o\'brian","x"])', ['Bob']],
  ["Microsoft.Dynamics.CRM.In(PropertyName='statecode',PropertyValues=['1'])", ['Ève']],
  ['Microsoft.Dynamics.CRM.NotIn(PropertyName=\'statecode\',PropertyValues=["1"])', ['Ada', 'Bob']],
  ['Microsoft.Dynamics.CRM.Between(PropertyName=\'numberofchildren\',PropertyValues=["2","5"])', ['Ada']],
  ["Microsoft.Dynamics.CRM.Today(PropertyName='createdon')", ['Ada', 'Bob', 'Ève']],
  ["Microsoft.Dynamics.CRM.OnOrAfter(PropertyName='createdon',PropertyValue='2026-03-02')", []],
  ['firstname eq lastname', []],
  ["contact_customer_contacts/any(c:c/firstname eq 'bob' and c/statecode eq 0)", ['Ada']],
  ['contact_customer_contacts/all(c:c/statecode eq 1)', ['Bob', 'Ève']],
  [`Contact_Appointments/any(a:a/appointment_activity_parties/any(p:p/_partyid_value eq ${BOB}))`, ['Ada']],
  ['smp_contact_link/any()', ['Ada', 'Ève']],
];

test.each(contacts)('filter %s', async (filter, found) => {
  expect(await values('contacts', 'firstname', `$filter=${filter}`)).toEqual(found);
});

test('parameter aliases, and an apostrophe in a value', async () => {
  const alias = `$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='lastname'&@p2=["O'Brian","Lovelace"]`;
  expect(await values('contacts', 'firstname', alias)).toEqual(['Ada', 'Bob']);
  expect(
    await values('contacts', 'firstname', "$filter=lastname eq @x or lastname eq @y&@x='lovelace'&@y='o''brian'"),
  ).toEqual(['Ada', 'Bob']);
  expect(await values('smp_links', 'smp_name', '$filter=smp_Contact/statecode eq 0')).toEqual(['un']);
});

const refused: [options: string, status: number][] = [
  ['$select=shoesize', 400],
  ['$select=firstname,parentcustomerid', 400],
  ['$filter=shoesize eq 1', 400],
  ["$filter=FirstName eq 'x'", 400],
  ["$filter=statecode eq '0'", 400],
  ['$filter=firstname eq 1', 400],
  ['$filter=firstname eq', 400],
  ["$filter=firstname eq 'd'arc'", 400],
  ["$filter=parentcustomerid_contact/shoesize eq 'x'", 400],
  ["$filter=contact_customer_contacts/any(c:c/shoesize eq 'x')", 400],
  ['$filter=contactid eq 12', 400],
  ['$filter=firstname', 400],
  ["$filter=Microsoft.Dynamics.CRM.In(PropertyName='shoesize',PropertyValues=['1'])", 400],
  ["$filter=Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=['O'Brian'])", 400],
  ['$orderby=shoesize', 400],
  ['$orderby=firstname up', 400],
  ['$expand=smp_contact_links', 400],
  ['$expand=masterid($select=shoesize)', 400],
  ['$expand=contact_customer_contacts/$ref', 400],
  ['$skip=1', 400],
  ['$top=two', 400],
  ['$levels=2', 400],
  ['$apply=aggregate($count as n)', 501],
  ['sql=SELECT name FROM contact', 501],
  ['fetchXml=<fetch/>', 400],
];
test.each(refused)('refuses %s', async (options, status) => {
  const answer = await query('contacts', options);
  expect(answer.status).toBe(status);
  expect(answer.code).toMatch(/^0x/);
});

test('expanded collections come from a cache on demand, and anew with If-None-Match: null', async () => {
  let now = Date.parse('2026-03-01T12:00:00Z');
  const slow = await startDataverse({ cachedExpansionsMs: 60_000, clock: () => new Date(now) });
  onTestFinished(() => slow.stop());
  const reader = rawClient(slow.url);
  const parent = slow.rows.insert('contact', { lastname: 'Parent' });
  const child = (lastname: string) => slow.rows.insert('contact', { lastname, _parentcustomerid_value: parent });
  const children = async (headers?: Record<string, string>) => {
    const expand = 'contact_customer_contacts($select=lastname)';
    const one = await reader.get(`contacts(${parent})?$select=lastname&$expand=${expand}`, headers);
    const set = await reader.get(`contacts?$select=lastname&$filter=contactid eq ${parent}&$expand=${expand}`, headers);
    const [first] = objects(set.json, 'value');
    const found = [one.json, first ?? {}].map((row) => objects(row, 'contact_customer_contacts').length);
    return found;
  };
  child('Un');
  expect(await children()).toEqual([1, 1]);
  child('Deux');
  expect(await children()).toEqual([1, 1]);
  expect(await children({ 'if-none-match': 'null' })).toEqual([2, 2]);
  child('Trois');
  now += 60_000;
  expect(await children()).toEqual([3, 3]);
});

test('takes 500 conditions, functions as one each and those inside a lambda too, and no more', async () => {
  const ors = (count: number) => Array.from({ length: count }, () => "lastname eq 'x'").join(' or ');
  const many = Array.from({ length: 600 }, (_, index) => `'${index}'`).join(',');
  const isIn = `Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=[${many}])`;
  const lambda = "smp_contact_link/any(l:l/smp_name eq 'a' or l/smp_name eq 'b')";
  const read = (filter: string) => client.get(`contacts?$select=lastname&$filter=${encodeURIComponent(filter)}`);
  expect((await read(ors(500))).status).toBe(200);
  expect((await read(ors(501))).code).toBe('0x8004430c');
  expect((await read(`${ors(499)} or ${isIn}`)).status).toBe(200);
  expect((await read(`${ors(499)} or ${lambda}`)).code).toBe('0x8004430c');
  expect((await read(`${ors(498)} or ${lambda}`)).status).toBe(200);
});

describe('shape of the answer', () => {
  test('$select keeps the key; without it every column comes', async () => {
    const { json } = await query('contacts', "$select=firstname,_parentcustomerid_value&$filter=firstname eq 'bob'");
    expect(json).toEqual({
      '@odata.context': `${client.root}$metadata#contacts(firstname,_parentcustomerid_value)`,
      value: [
        {
          '@odata.etag': expect.stringMatching(/^W\/"\d+"$/),
          firstname: 'Bob',
          _parentcustomerid_value: ADA,
          contactid: BOB,
        },
      ],
    });
    const full = await client.get(`contacts(${BOB})`);
    expect(Object.keys(full.json)).toEqual(
      expect.arrayContaining(['versionnumber', '_ownerid_value', '_masterid_value', 'merged']),
    );
    expect(full.json).not.toHaveProperty('ownerid');
    expect(full.json).not.toHaveProperty('owneridname');
    const none = await query('contacts', '$select=firstname&$top=1');
    const bare = await client.get('contacts?$select=firstname&$top=1', {
      accept: 'application/json;odata.metadata=none',
    });
    expect(Object.keys(none.json)).toContain('@odata.context');
    expect(bare.json).toEqual({ value: [{ firstname: 'Ada', contactid: ADA }] });
  });

  test('expanded rows: no ETag on a single one, ETag, lookup and nextLink on a collection', async () => {
    const { json } = await client.get(
      `contacts(${ADA})?$select=firstname&$expand=contact_customer_contacts($select=firstname;$filter=statecode eq 0;$orderby=firstname desc;$top=1),createdby($select=fullname),masterid`,
    );
    expect(json).toMatchObject({
      createdby: {
        fullname: '# Local application',
        systemuserid: expect.any(String),
        ownerid: expect.any(String),
      },
      masterid: null,
      contact_customer_contacts: [
        { '@odata.etag': expect.any(String), firstname: 'Bob', contactid: BOB, _parentcustomerid_value: ADA },
      ],
      'contact_customer_contacts@odata.nextLink': expect.stringContaining(`contacts(${ADA})/contact_customer_contacts`),
    });
    expect(isObject(json['createdby']) && json['createdby']).not.toHaveProperty('@odata.etag');
    const nested = await query(
      'smp_links',
      '$select=smp_name&$expand=smp_Contact($select=versionnumber;$expand=createdby($select=fullname),masterid($select=contactid))&$filter=smp_Contact/statecode eq 0',
    );
    expect(nested.json['value']).toMatchObject([
      {
        smp_Contact: { versionnumber: expect.any(Number), createdby: { fullname: expect.any(String) }, masterid: null },
      },
    ]);
    const reference = await query(
      'smp_links',
      `$select=smp_name&$expand=smp_Contact/$ref&$filter=_smp_contact_value eq ${ADA}`,
    );
    expect(reference.json['value']).toMatchObject([{ smp_Contact: { '@odata.id': `${client.root}contacts(${ADA})` } }]);
    const attendees = `appointment_activity_parties($select=participationtypemask;$expand=partyid_contact($select=lastname);$filter=participationtypemask eq 6)`;
    const deep = await client.get(`appointments(${RDV})?$select=subject&$expand=${attendees}`);
    expect(deep.json['appointment_activity_parties']).toMatchObject([{ partyid_contact: { lastname: "O'Brian" } }]);
    expect((await query('contacts', `$expand=${Array(16).fill('masterid').join()}`)).status).toBe(400);
  });

  test('annotations on request', async () => {
    const path = `contacts(${BOB})?$select=statecode,_parentcustomerid_value,birthdate`;
    const { json, headers } = await client.get(path, { prefer: 'odata.include-annotations="*"' });
    expect(headers.get('preference-applied')).toBe('odata.include-annotations="*"');
    expect(json).toMatchObject({
      'statecode@OData.Community.Display.V1.FormattedValue': 'Active',
      '_parentcustomerid_value@OData.Community.Display.V1.FormattedValue': 'Ada Lovelace',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_contact',
    });
    const some = await client.get(path, { prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"' });
    expect(Object.keys(some.json).filter((name) => name.includes('Display'))).toEqual([]);
    expect((await client.get(path)).text).not.toContain('FormattedValue');
  });

  test('order, top, count', async () => {
    expect(await values('contacts', 'firstname', '$orderby=numberofchildren desc,firstname')).toEqual([
      'Ada',
      'Bob',
      'Ève',
    ]);
    expect(await values('contacts', 'firstname', '$orderby=firstname desc&$top=2')).toEqual(['Ève', 'Bob']);
    expect((await query('contacts', '$select=firstname&$top=1&$count=true')).json['@odata.count']).toBe(3);
    expect((await client.get('contacts/$count?$filter=statecode eq 0')).text).toBe('2');
    expect((await client.get(`contacts(${ADA})/contact_customer_contacts/$count`)).text).toBe('1');
  });

  test('pages by odata.maxpagesize, which overrides $top', async () => {
    const headers = { prefer: 'odata.maxpagesize=2' };
    const first = await client.get('contacts?$select=firstname&$orderby=firstname&$top=1', headers);
    expect(objects(first.json, 'value')).toHaveLength(2);
    expect(first.headers.get('preference-applied')).toBe('odata.maxpagesize=2');
    const next = String(first.json['@odata.nextLink']).slice(client.root.length);
    const second = await client.get(next, headers);
    expect(objects(second.json, 'value').map((row) => row['firstname'])).toEqual(['Ève']);
    expect(second.json).not.toHaveProperty('@odata.nextLink');
    expect((await client.get('contacts?$skiptoken=x')).status).toBe(400);
  });
});

test('service document and $metadata name the sets', async () => {
  expect(objects((await client.get('')).json, 'value').map((set) => set['name'])).toEqual(
    expect.arrayContaining(['contacts', 'smp_links']),
  );
  const csdl = (await client.get('$metadata')).text;
  expect(csdl).toContain('<NavigationProperty Name="smp_Contact" Type="mscrm.contact"');
  expect(csdl).toContain('<Property Name="_smp_contact_value" Type="Edm.Guid"/>');
});
