// The Dataverse emulator through dynamics-web-api, a client that knows nothing of it.

import { DynamicsWebApi } from 'dynamics-web-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { rawClient } from './raw-client.ts';
import { definition, label, makeTables } from './sample-solution.ts';

const ID = '00000000-0000-4000-8000-000000000001';

let dataverse: DataverseEmulator;
let api: DynamicsWebApi;

beforeAll(async () => {
  // The client would send requests for 127.0.0.1 through a proxy named by these.
  for (const name of ['http_proxy', 'https_proxy']) delete process.env[name];
  dataverse = await startDataverse();
  api = new DynamicsWebApi({
    serverUrl: dataverse.url,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => 'local',
    propagateErrors: true,
  });
  await makeTables(rawClient(dataverse.url));
});

afterAll(() => dataverse.stop());

test('rows: create, upsert, conditions, retrieve, delete', async () => {
  expect(await api.create({ collection: 'contacts', data: { contactid: ID, lastname: "d'Été" } })).toBe(ID);
  await expect(
    api.upsert({ collection: 'contacts', key: ID, data: { lastname: 'x' }, ifnonematch: '*' }),
  ).rejects.toMatchObject({ status: 412, code: '0x80040237' });
  const row = await api.retrieve({ collection: 'contacts', key: ID, select: ['lastname'], includeAnnotations: '*' });
  expect(row).toMatchObject({ lastname: "d'Été" });
  await api.update({ collection: 'contacts', key: ID, data: { firstname: 'Zoé' }, ifmatch: row['@odata.etag'] });
  await expect(
    api.update({ collection: 'contacts', key: ID, data: {}, ifmatch: row['@odata.etag'] }),
  ).rejects.toMatchObject({ status: 412, code: '0x80060882' });
  const upserted = await api.upsert({
    collection: 'contacts',
    key: "smp_usagerid='12'",
    data: { lastname: 'Key' },
    returnRepresentation: true,
    select: ['contactid'],
  });
  expect(upserted).toMatchObject({ contactid: expect.any(String) });
  expect(await api.count({ collection: 'contacts' })).toBe(2);
  await api.deleteRecord({ collection: 'contacts', key: "smp_usagerid='12'" });
  expect(await api.count({ collection: 'contacts' })).toBe(1);
});

test('queries, paging and expand', async () => {
  const found = await api.retrieveMultiple({
    collection: 'contacts',
    select: ['fullname'],
    filter: "lastname eq 'd''Été' and Microsoft.Dynamics.CRM.In(PropertyName='statecode',PropertyValues=['0','1'])",
    expand: [{ property: 'createdby', select: ['fullname'] }],
    orderBy: ['lastname asc'],
    count: true,
  });
  expect(found).toMatchObject({
    oDataCount: 1,
    value: [{ fullname: "Zoé d'Été", createdby: { fullname: expect.any(String) } }],
  });
  for (const lastname of ['b', 'c', 'd']) dataverse.rows.insert('contact', { lastname });
  const all = await api.retrieveAll({ collection: 'contacts', select: ['lastname'], maxPageSize: 1 });
  expect(all.value).toHaveLength(4);
});

test('a batch: queries, then one change set', async () => {
  api.startBatch();
  api.retrieveMultiple({ collection: 'contacts', select: ['lastname'], filter: `contactid eq ${ID}` });
  api.upsert({ collection: 'contacts', key: ID, data: { firstname: 'Éva' } });
  api.upsert({
    collection: 'smp_links',
    key: '00000000-0000-4000-8000-000000000099',
    data: { smp_name: 'l', 'smp_Contact@odata.bind': `contacts(${ID})` },
    ifnonematch: '*',
  });
  const [found, , link] = await api.executeBatch();
  expect(found).toMatchObject({ value: [{ lastname: "d'Été" }] });
  expect(link).toBe('00000000-0000-4000-8000-000000000099');
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ firstname: 'Éva' });
  api.startBatch();
  api.update({ collection: 'contacts', key: ID, data: { firstname: 'Lost' } });
  api.update({ collection: 'contacts', key: ID, data: { firstname: 'x'.repeat(51) } });
  await expect(api.executeBatch()).rejects.toMatchObject([{ error: { code: '0x80044331' } }]);
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ firstname: 'Éva' });
});

test('definitions, actions and associations', async () => {
  const columnId = await api.createAttribute({
    entityKey: "LogicalName='contact'",
    data: definition('String', 'smp_more', { MaxLength: 5 }),
    headers: { 'MSCRM.SolutionUniqueName': 'Sample' },
  });
  expect(columnId).toMatch(/^[0-9a-f-]{36}$/);
  const column = await api.retrieveAttribute({
    entityKey: "LogicalName='contact'",
    attributeKey: "LogicalName='smp_more'",
    castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
  });
  expect(column).toMatchObject({ MaxLength: 5 });
  await api.updateAttribute({
    entityKey: "LogicalName='contact'",
    data: { ...column, MetadataId: columnId, DisplayName: label('Plus') },
    mergeLabels: true,
  });
  const table = await api.retrieveEntity({
    key: "LogicalName='contact'",
    select: ['LogicalName'],
    expand: [{ property: 'Keys', select: ['SchemaName', 'EntityKeyIndexStatus'] }],
  });
  expect(table).toMatchObject({ Keys: [{ SchemaName: 'smp_UsagerKey', EntityKeyIndexStatus: 'Active' }] });
  await api.callAction({ actionName: 'PublishXml', action: { ParameterXml: '<importexportxml></importexportxml>' } });
  expect(await api.callFunction('WhoAmI')).toMatchObject({ UserId: expect.any(String) });
  const other = dataverse.rows.insert('contact', { lastname: 'Other' });
  await api.associateSingleValued({
    collection: 'contacts',
    primaryKey: ID,
    navigationProperty: 'parentcustomerid_contact',
    relatedCollection: 'contacts',
    relatedKey: other,
  });
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ _parentcustomerid_value: other });
  await api.disassociateSingleValued({
    collection: 'contacts',
    primaryKey: ID,
    navigationProperty: 'parentcustomerid_contact',
  });
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ _parentcustomerid_value: null });
});

test('bulk messages', async () => {
  const target = (lastname: string, rest = {}) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.contact',
    lastname,
    ...rest,
  });
  const bulk = (name: string, Targets: unknown[]) =>
    api.callAction({ collection: 'contacts', actionName: `Microsoft.Dynamics.CRM.${name}`, action: { Targets } });
  expect(await bulk('CreateMultiple', [target('m1'), target('m2')])).toMatchObject({
    Ids: [expect.any(String), expect.any(String)],
  });
  await bulk('UpsertMultiple', [
    target('m3', { '@odata.id': "contacts(smp_usagerid='31')" }),
    target('m4', { contactid: ID }),
  ]);
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ lastname: 'm4' });
  await expect(
    bulk('UpdateMultiple', [
      target('m5', { contactid: ID }),
      target('m6', { contactid: '00000000-0000-4000-8000-00000000dead' }),
    ]),
  ).rejects.toMatchObject({ status: 404 });
  expect(dataverse.rows.get('contact', ID)).toMatchObject({ lastname: 'm4' });
});
