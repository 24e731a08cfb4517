// FetchXML in the Dataverse emulator: queries, paging, and views that hold it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { objects } from '../src/json.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { makeTables } from './sample-solution.ts';

const ADA = '00000000-0000-4000-8000-0000000000a1';
const BOB = '00000000-0000-4000-8000-0000000000b2';
const EVE = '00000000-0000-4000-8000-0000000000e3';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeAll(async () => {
  dataverse = await startDataverse({ clock: () => new Date('2026-03-01T12:00:00Z') });
  client = rawClient(dataverse.url);
  await makeTables(client);
  const { rows } = dataverse;
  rows.insert('contact', { contactid: ADA, firstname: 'Ada', lastname: 'Test', numberofchildren: 3, donotemail: true });
  rows.insert('contact', { contactid: BOB, firstname: 'Bob', lastname: "L'Essai", _parentcustomerid_value: ADA });
  rows.insert('contact', { contactid: EVE, firstname: 'Ève', lastname: '100 % Été', statecode: 1, statuscode: 2 });
  rows.insert('smp_link', { smp_name: 'un', _smp_contact_value: ADA });
  rows.insert('smp_link', { smp_name: 'deux', _smp_contact_value: ADA });
  rows.insert('smp_link', { smp_name: 'trois', _smp_contact_value: BOB });
  for (const [subject, scheduledstart] of [
    ['hier', '2026-02-28T08:00:00Z'],
    ['ce jour', '2026-03-01T08:00:00Z'],
    ['demain', '2026-03-02T08:00:00Z'],
    ['dans un an', '2027-02-20T08:00:00Z'],
  ]) {
    rows.insert('appointment', { subject, scheduledstart });
  }
});

afterAll(() => dataverse.stop());

const fetchXml = (set: string, xml: string, headers?: Record<string, string>) =>
  client.get(`${set}?fetchXml=${encodeURIComponent(xml)}`, headers);

async function column(set: string, name: string, xml: string): Promise<unknown[]> {
  const answer = await fetchXml(set, xml);
  expect(answer.text).not.toContain('"error"');
  return objects(answer.json, 'value').map((row) => row[name]);
}

const contacts = (inside: string, fetch = '') =>
  column(
    'contacts',
    'firstname',
    `<fetch ${fetch}><entity name="contact"><attribute name="firstname"/>${inside}</entity></fetch>`,
  );
const filter = (conditions: string, type = 'and') => `<filter type="${type}">${conditions}</filter>`;
const where = (attribute: string, operator: string, value?: string) =>
  `<condition attribute="${attribute}" operator="${operator}"${value === undefined ? '' : ` value="${value}"`}/>`;

describe('conditions', () => {
  const cases: [condition: string, names: string[]][] = [
    [where('lastname', 'eq', 'test'), ['Ada']],
    [where('lastname', 'eq', 'L&apos;Essai'), ['Bob']],
    [where('numberofchildren', 'ne', '3'), ['Bob', 'Ève']],
    [where('numberofchildren', 'ge', '3'), ['Ada']],
    [where('numberofchildren', 'null'), ['Bob', 'Ève']],
    [where('lastname', 'like', '%[%]%'), ['Ève']],
    [where('lastname', 'not-like', '%es%'), ['Ève']],
    [where('firstname', 'begins-with', 'e'), ['Ève']],
    [where('firstname', 'not-end-with', 'a'), ['Bob', 'Ève']],
    [where('donotemail', 'eq', '1'), ['Ada']],
    [where('statecode', 'eq', '1'), ['Ève']],
    [where('parentcustomerid', 'eq', ADA), ['Bob']],
    [where('contactid', 'not-null'), ['Ada', 'Bob', 'Ève']],
    ['<condition attribute="firstname" operator="in"><value>Ada</value><value>bob</value></condition>', ['Ada', 'Bob']],
    [
      '<condition attribute="numberofchildren" operator="between"><value>1</value><value>3</value></condition>',
      ['Ada'],
    ],
  ];
  test.each(cases)('%s', async (condition, names) => {
    expect((await contacts(filter(condition))).sort()).toEqual(names);
  });

  test.each([
    ['today', undefined, ['ce jour']],
    ['tomorrow', undefined, ['demain']],
    ['last-seven-days', undefined, ['hier', 'ce jour']],
    ['this-week', undefined, ['hier', 'ce jour']],
    ['next-week', undefined, ['demain']],
    ['this-month', undefined, ['ce jour', 'demain']],
    ['last-month', undefined, ['hier']],
    ['next-year', undefined, ['dans un an']],
    ['next-x-years', '1', ['demain', 'dans un an']],
    ['next-x-days', '2', ['demain']],
    ['olderthan-x-hours', '6', ['hier']],
    ['on-or-after', '2026-03-02', ['demain', 'dans un an']],
  ])('of time: %s %s', async (operator, value, subjects) => {
    const xml = `<fetch><entity name="appointment"><attribute name="subject"/><order attribute="scheduledstart"/>${filter(where('scheduledstart', operator, value))}</entity></fetch>`;
    expect(await column('appointments', 'subject', xml)).toEqual(subjects);
  });

  test('nest, with or and and', async () => {
    const names = filter(where('firstname', 'eq', 'Ada') + where('firstname', 'eq', 'Ève'), 'or');
    expect(await contacts(filter(names + where('statecode', 'eq', '0')))).toEqual(['Ada']);
  });
});

describe('joins', () => {
  const link = (type: string, inside = '', alias = 'l') =>
    `<link-entity name="smp_link" from="smp_contact" to="contactid" link-type="${type}" alias="${alias}">${inside}</link-entity>`;
  const byName = '<order attribute="firstname"/>';

  test('inner repeats a row for each match; exists does not; outer keeps those without', async () => {
    expect(await contacts(byName + link('inner'))).toEqual(['Ada', 'Ada', 'Bob']);
    expect(await contacts(byName + link('exists'))).toEqual(['Ada', 'Bob']);
    expect(await contacts(byName + link('outer'))).toEqual(['Ada', 'Ada', 'Bob', 'Ève']);
    expect(await contacts(byName + link('inner'), 'distinct="true"')).toEqual(['Ada', 'Bob']);
  });

  test('a filter inside bounds what is joined; one outside with entityname bounds the result', async () => {
    expect(await contacts(link('inner', filter(where('smp_name', 'eq', 'deux'))))).toEqual(['Ada']);
    const none = '<condition entityname="l" attribute="smp_linkid" operator="null"/>';
    expect(await contacts(link('outer') + filter(none))).toEqual(['Ève']);
  });

  test('columns of a link come under its alias; lookups without their Web API name', async () => {
    const parent =
      '<link-entity name="contact" from="contactid" to="smp_contact" alias="c"><attribute name="lastname"/><attribute name="parentcustomerid"/></link-entity>';
    const xml = `<fetch><entity name="smp_link"><attribute name="smp_name"/>${filter(where('smp_name', 'eq', 'trois'))}${parent}</entity></fetch>`;
    const answer = await fetchXml('smp_links', xml, { prefer: 'odata.include-annotations="*"' });
    expect(objects(answer.json, 'value')).toEqual([
      expect.objectContaining({
        smp_name: 'trois',
        'c.lastname': "L'Essai",
        'c.parentcustomerid': ADA,
        'c.parentcustomerid@OData.Community.Display.V1.FormattedValue': 'Ada Test',
      }),
    ]);
  });
});

describe('order and pages', () => {
  test('choices go by label, lookups by the name of their row, descending on demand', async () => {
    expect(await contacts('<order attribute="firstname" descending="true"/>')).toEqual(['Ève', 'Bob', 'Ada']);
    expect((await contacts('<order attribute="statecode" descending="true"/>'))[0]).toBe('Ève');
  });

  test('top bounds the rows; pages follow by their cookie, decoded twice', async () => {
    expect(await contacts('', 'top="2"')).toHaveLength(2);
    const xml = (page: string) =>
      `<fetch count="2" ${page}><entity name="contact"><attribute name="firstname"/><order attribute="firstname"/></entity></fetch>`;
    const annotated = { prefer: 'odata.include-annotations="*"' };
    const first = await fetchXml('contacts', xml('page="1" returntotalrecordcount="true"'), annotated);
    expect(first.json).toMatchObject({
      '@Microsoft.Dynamics.CRM.morerecords': true,
      '@Microsoft.Dynamics.CRM.totalrecordcount': 3,
    });
    const annotation = String(first.json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']);
    const encoded = /pagingcookie="([^"]+)"/.exec(annotation)?.[1] ?? '';
    const cookie = decodeURIComponent(decodeURIComponent(encoded));
    expect(cookie).toMatch(/^<cookie page="1"><contactid last="\{/);
    const escaped = cookie.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const second = await fetchXml('contacts', xml(`page="2" paging-cookie="${escaped}"`), annotated);
    expect(objects(second.json, 'value').map(({ firstname }) => firstname)).toEqual(['Ève']);
    expect(second.json['@Microsoft.Dynamics.CRM.morerecords']).toBeUndefined();
    expect((await fetchXml('contacts', xml('page="25001"'))).code).toBe('0x8004430a');
  });
});

describe('refused', () => {
  const entity = (inside: string) => `<fetch><entity name="contact">${inside}</entity></fetch>`;
  const cases: [what: string, xml: string, code: string][] = [
    ['XML that is not well-formed', '<fetch><entity name="contact"></fetch>', '0x80040203'],
    ['an ampersand alone', entity(filter(where('lastname', 'eq', 'a & b'))), '0x80040203'],
    ['two roots', '<fetch/><fetch/>', '0x80040203'],
    ['an element out of place', entity('<where/>'), '0x80040203'],
    ['an attribute that does not exist', '<fetch limit="3"><entity name="contact"/></fetch>', '0x80040203'],
    ['an unknown table', '<fetch><entity name="nothing"/></fetch>', '0x80041102'],
    ['an unknown column', entity('<attribute name="nothing"/>'), '0x80041103'],
    ['an unknown column of an order', entity('<order attribute="nothing"/>'), '0x80041103'],
    ['an unknown operator', entity(filter(where('lastname', 'equals', 'x'))), '0x80041106'],
    ['a value of another type', entity(filter(where('numberofchildren', 'eq', 'x'))), '0x80060888'],
    ['an unknown alias', entity(filter('<condition entityname="l" attribute="x" operator="null"/>')), '0x8004110a'],
    ['another table than the URL', '<fetch><entity name="appointment"/></fetch>', '0x80060888'],
    ['top with pages', '<fetch top="2" page="1"><entity name="contact"/></fetch>', '0x80040203'],
    ['aggregates', '<fetch aggregate="true"><entity name="contact"/></fetch>', '0x80040206'],
    ['an operator that is not covered', entity(filter(where('ownerid', 'eq-userteams'))), '0x80040206'],
  ];
  test.each(cases)('%s', async (_what, xml, code) => {
    expect((await fetchXml('contacts', xml)).code).toBe(code);
  });

  test('more than 500 conditions and joins together', async () => {
    // In a batch, whose URLs may be as long.
    const join = '<link-entity name="smp_link" from="smp_contact" to="contactid"/>';
    const many = (count: number) => entity(filter(where('lastname', 'null').repeat(count), 'or') + join);
    const read = (count: number) => ({ method: 'GET', path: `contacts?fetchXml=${many(count)}` });
    const prefer = 'odata.continue-on-error';
    const { parts } = await client.batch([read(499), read(500)], { prefer });
    expect(parts.map(({ status, code }) => [status, code])).toEqual([
      [200, undefined],
      [400, '0x8004430c'],
    ]);
  });

  test('a fetchXml with another option', async () => {
    expect((await client.get(`contacts?$top=1&fetchXml=${encodeURIComponent(entity(''))}`)).status).toBe(400);
  });
});

describe('a view', () => {
  const fetchxml = `<fetch><entity name="contact"><attribute name="fullname"/>${filter(where('createdon', 'next-fiscal-year'))}</entity></fetch>`;
  const layoutxml =
    '<grid name="resultset" object="2" jump="fullname" select="1" preview="1" icon="1"><row name="result" id="contactid"><cell name="fullname" width="200"/></row></grid>';
  const view = { name: 'Usagers', returnedtypecode: 'contact', querytype: 0, fetchxml, layoutxml };

  test('is taken, also with a cell that its query does not select', async () => {
    expect((await client.post('savedqueries', view)).status).toBe(204);
    const cell = layoutxml.replace('fullname" width', 'nothing" width');
    expect((await client.post('savedqueries', { ...view, layoutxml: cell })).status).toBe(204);
  });

  test.each([
    ['a query that is not well-formed', { fetchxml: fetchxml.replace('</fetch>', '') }, '0x80040203'],
    ['an unknown column', { fetchxml: fetchxml.replace('fullname', 'nothing') }, '0x80041103'],
    ['an unknown column of a condition', { fetchxml: fetchxml.replace('createdon', 'nothing') }, '0x80041103'],
    ['an unknown operator', { fetchxml: fetchxml.replace('next-fiscal-year', 'soon') }, '0x80041106'],
    ['a query of another table', { returnedtypecode: 'appointment' }, '0x80040203'],
    ['a layout that is no XML', { layoutxml: layoutxml.replace('</grid>', '') }, '0x80040216'],
    ['a grid without its table', { layoutxml: layoutxml.replace(' object="2"', '') }, '0x80040216'],
    ['a grid whose table is a name', { layoutxml: layoutxml.replace('object="2"', 'object="contact"') }, '0x80040216'],
    ['a row without its key', { layoutxml: layoutxml.replace(' id="contactid"', '') }, '0x80040216'],
    ['no cell', { layoutxml: layoutxml.replace(/<cell.*\/>/, '') }, '0x80040216'],
    ['an element out of place', { layoutxml: layoutxml.replace('<cell', '<column/><cell') }, '0x80040216'],
  ])('is refused with %s, at creation and at a change', async (_what, change, code) => {
    expect((await client.post('savedqueries', { ...view, ...change })).code).toBe(code);
    const created = (await client.post('savedqueries', view)).headers.get('odata-entityid') ?? '';
    const path = created.slice(client.root.length);
    await client.post('PublishAllXml', {});
    expect((await client.patch(path, change)).code).toBe(code);
    expect((await client.get(`${path}?$select=layoutxml`)).json).toMatchObject({ layoutxml });
  });
});
