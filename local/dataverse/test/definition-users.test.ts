// A table, column or relationship that a form, view, chart or site map names cannot be deleted.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { makeTables } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;
beforeAll(async () => {
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
  await makeTables(client);
});
afterAll(() => dataverse.stop());

const guid = (end: number) => `7e000000-0000-4000-8000-${String(end).padStart(12, '0')}`;
const labels = '<labels><label description="Essai" languagecode="1036"/></labels>';
const view = (returnedtypecode: string, inside: string) => ({
  savedqueryid: guid(1),
  name: 'Essai',
  returnedtypecode,
  querytype: 0,
  fetchxml: `<fetch><entity name="${returnedtypecode}"><attribute name="createdon"/>${inside}</entity></fetch>`,
  layoutxml: `<grid name="resultset" object="2" select="1" preview="1" icon="1"><row name="result" id="x"><cell name="createdon"/></row></grid>`,
});
const form = (control: string) => ({
  formid: guid(1),
  name: 'Essai',
  objecttypecode: 'contact',
  type: 2,
  formxml: `<form><tabs><tab name="t" id="{${guid(40)}}">${labels}<columns><column width="100%"><sections><section name="s" id="{${guid(41)}}">${labels}<rows><row><cell id="{${guid(42)}}">${labels}${control}</cell></row></rows></section></sections></column></columns></tab></tabs></form>`,
});
const siteMap = {
  sitemapname: 'Essai',
  sitemapnameunique: 'smp_app',
  isappaware: true,
  sitemapxml: `<SiteMap><Area Id="a" ShowGroups="true"><Titles><Title LCID="1036" Title="Essai"/></Titles><Group Id="g"><SubArea Id="s" Entity="smp_link"/></Group></Area></SiteMap>`,
};

const COLUMN = "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='smp_usagerid')";
const LOOKUP = "RelationshipDefinitions(SchemaName='smp_contact_link')";
const TABLE = "EntityDefinitions(LogicalName='smp_link')";
const where = (attribute: string) =>
  `<filter type="and"><condition attribute="${attribute}" operator="not-null"/></filter>`;
const joined = `<link-entity name="smp_link" from="smp_contact" to="contactid">${where('smp_name')}</link-entity>`;

test.each<[string, string, string, object]>([
  ['a view shows', COLUMN, 'savedqueries', view('contact', '<attribute name="smp_usagerid"/>')],
  ['a view filters by', COLUMN, 'savedqueries', view('contact', where('smp_usagerid'))],
  [
    'a form shows',
    COLUMN,
    'systemforms',
    form('<control id="smp_usagerid" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="smp_usagerid"/>'),
  ],
  ['a view joins by', LOOKUP, 'savedqueries', view('contact', joined)],
  ['a view of another table joins', TABLE, 'savedqueries', view('contact', joined)],
  ['a site map names', TABLE, 'sitemaps', siteMap],
])('what %s stays, until that is gone', async (_, path, set, user) => {
  const made = await client.post(set, JSON.parse(JSON.stringify(user)));
  expect(made.status).toBe(204);
  expect(await client.remove(path)).toMatchObject({ status: 400, code: '0x8004f01f' });
  const id = /\(([^)]+)\)/.exec(made.headers.get('odata-entityid') ?? '')?.[1];
  expect((await client.remove(`${set}(${id})`)).status).toBe(204);
});

test('what nothing uses goes', async () => {
  for (const path of [LOOKUP, COLUMN, TABLE]) expect((await client.remove(path)).status, path).toBe(204);
});
