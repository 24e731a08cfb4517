// Secured columns in the Dataverse emulator: who reads, writes and filters them, and in which order they come about.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { rawClient } from './raw-client.ts';
import { definition, IN_SOLUTION, makeTables } from './sample-solution.ts';

const APPLICATION = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';
const USER = '2f9c6a1e-4b07-4d3a-8e65-9a1c0d7f5b38';
const PROFILE = '00000000-0000-4000-8000-00000000f001';
const ROW = '00000000-0000-4000-8000-00000000f002';
const TABLE = "EntityDefinitions(LogicalName='smp_link')";
const PUBLISH = { ParameterXml: '<importexportxml><entities><entity>smp_link</entity></entities></importexportxml>' };

let dataverse: DataverseEmulator;
const administrator = () => rawClient(dataverse.url);
const user = () => rawClient(dataverse.url, 'user');
const permission = {
  entityname: 'smp_link',
  attributelogicalname: 'smp_secret',
  canread: 4,
  cancreate: 4,
  canupdate: 4,
};
const bound = { ...permission, 'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${PROFILE})` };

beforeAll(async () => {
  dataverse = await startDataverse({ applications: { user: APPLICATION } });
  await makeTables(administrator());
  await administrator().post(`${TABLE}/Attributes`, definition('Memo', 'smp_secret', { MaxLength: 100 }), IN_SOLUTION);
  const { rows } = dataverse;
  const role = rows.insert('role', { name: 'Rôle-Test' });
  rows.insert('systemuser', { systemuserid: USER, lastname: 'Agent-Test', applicationid: APPLICATION });
  rows.insert('systemuserroles', { systemuserid: USER, roleid: role });
  for (const { name, privilegeid } of rows.list('privilege'))
    if (String(name).endsWith('smp_link'))
      rows.insert('roleprivileges', { roleid: role, privilegeid: String(privilegeid) });
  await administrator().post('smp_links', { smp_linkid: ROW, smp_name: 'a', smp_secret: 'dit' });
  await administrator().post('fieldsecurityprofiles', { fieldsecurityprofileid: PROFILE, name: 'Profil-Test' });
});
afterAll(() => dataverse.stop());

test('a primary name cannot be secured, a memo can; a permission waits for the publication', async () => {
  const client = administrator();
  const attribute = (name: string) => `${TABLE}/Attributes(LogicalName='${name}')`;
  const { json: primary } = await client.get(attribute('smp_name'));
  expect(primary['CanBeSecuredForRead']).toBe(false);
  expect((await client.send('PUT', attribute('smp_name'), { ...primary, IsSecured: true })).code).toBe('0x8004f501');
  expect((await client.post('fieldpermissions', bound)).code).toBe('0x8004f508');
  const { json: memo } = await client.get(attribute('smp_secret'));
  expect((await client.send('PUT', attribute('smp_secret'), { ...memo, IsSecured: true })).status).toBe(204);
  expect((await client.get(attribute('smp_secret'))).json['IsSecured']).toBe(true);
  expect((await client.post('fieldpermissions', bound)).code).toBe('0x8004f508');
  expect((await user().get(`smp_links(${ROW})`)).json['smp_secret']).toBe('dit');
  await client.post('PublishXml', PUBLISH);
  expect((await user().get(`smp_links(${ROW})`)).json['smp_secret']).toBeNull();
});

test('without the profile: null, refused writes, refused filters; an administrator does all', async () => {
  const refused = await Promise.all([
    user().patch(`smp_links(${ROW})`, { smp_secret: 'autre' }),
    user().post('smp_links', { smp_name: 'b', smp_secret: 'autre' }),
    user().get("smp_links?$filter=smp_secret eq 'dit'"),
    user().get('smp_links?$orderby=smp_secret'),
  ]);
  expect(refused.map(({ status, code }) => `${status} ${code}`)).toEqual([
    '403 0x8004f507',
    '403 0x8004f502',
    '403 0x8004f506',
    '403 0x8004f506',
  ]);
  expect((await user().patch(`smp_links(${ROW})`, { smp_name: 'c' })).status).toBe(204);
  const { json } = await administrator().get(`smp_links?$select=smp_secret&$filter=smp_secret eq 'dit'`);
  expect(json['value']).toMatchObject([{ smp_secret: 'dit' }]);
});

test('a member of the profile reads and writes', async () => {
  await administrator().post('fieldpermissions', bound);
  const members = `fieldsecurityprofiles(${PROFILE})/systemuserprofiles_association/$ref`;
  const { root } = administrator();
  await administrator().post(members, { '@odata.id': `${root}systemusers(${USER})` });
  expect((await user().get(`smp_links?$select=smp_secret`)).json['value']).toMatchObject([{ smp_secret: 'dit' }]);
  expect((await user().patch(`smp_links(${ROW})`, { smp_secret: 'autre' })).status).toBe(204);
  await administrator().remove(`fieldsecurityprofiles(${PROFILE})/systemuserprofiles_association(${USER})/$ref`);
  expect((await user().patch(`smp_links(${ROW})`, { smp_secret: 'tiers' })).code).toBe('0x8004f507');
});

test('an administrator may read as somebody else, an application may not', async () => {
  const asUser = { MSCRMCallerID: USER };
  const { json } = await administrator().get('smp_links?$select=smp_secret', asUser);
  expect(json['value']).toMatchObject([{ smp_secret: null }]);
  const { status, code } = await user().get('smp_links?$select=smp_secret', asUser);
  expect({ status, code }).toEqual({ status: 403, code: '0x80040220' });
});
