// Who may own rows in the Dataverse emulator: only who can read them.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
});
afterAll(() => dataverse.stop());

const roleId = (name: string) => String(dataverse.rows.list('role').find((role) => role['name'] === name)?.['roleid']);

/** A user who is nobody: without any role. */
function userWithoutRole(): string {
  const { rows } = dataverse;
  const user = rows.insert('systemuser', { lastname: 'Agent-Test' });
  for (const { systemuserid, systemuserroleid } of rows.list('systemuserroles'))
    if (systemuserid === user) rows.remove('systemuserroles', String(systemuserroleid));
  return user;
}

function owners(): Record<string, () => string> {
  const { rows } = dataverse;
  const teamWith = (values: Record<string, string | number>, role: string) => {
    const team = rows.insert('team', { name: 'Équipe-Test', teamtype: 0, ...values });
    rows.insert('teamroles', { teamid: team, roleid: role });
    return `teams(${team})`;
  };
  return {
    'a person with the role that Dataverse gives': () => `systemusers(${rows.insert('systemuser', {})})`,
    'a team with a role that reads': () => teamWith({}, roleId('Basic User')),
    'a user without role': () => `systemusers(${userWithoutRole()})`,
    'a user whose role reads something else': () => {
      const user = userWithoutRole();
      rows.insert('systemuserroles', { systemuserid: user, roleid: rows.insert('role', { name: 'Vide' }) });
      return `systemusers(${user})`;
    },
    'a disabled user': () => `systemusers(${rows.insert('systemuser', { isdisabled: true })})`,
    'an access team': () => teamWith({ teamtype: 1 }, roleId('Basic User')),
    'a team without role': () => `teams(${rows.insert('team', { name: 'Équipe-Test', teamtype: 0 })})`,
    'a team whose role reads something else': () => teamWith({}, rows.insert('role', { name: 'Vide' })),
  };
}

const VERDICTS = [
  ['a person with the role that Dataverse gives', undefined],
  ['a team with a role that reads', undefined],
  ['a user without role', '0x80042f09'],
  ['a user whose role reads something else', '0x80040231'],
  ['a disabled user', '0x80040225'],
  ['an access team', '0x80048340'],
  ['a team without role', '0x80042f0a'],
  ['a team whose role reads something else', '0x80040231'],
] as const;

describe.each(['contacts', 'appointments'])('%s', (set) => {
  test.each(VERDICTS)('created for, and assigned to, %s: %s', async (name, code) => {
    const owner = owners()[name]?.();
    const before = dataverse.snapshot();
    const bind = set === 'contacts' ? 'ownerid@odata.bind' : 'ownerid_appointment@odata.bind';
    const created = await client.post(set, { [bind]: `/${owner}` });
    expect(created.code).toBe(code);
    if (code !== undefined) expect(dataverse.snapshot()).toEqual(before);
    const id = dataverse.rows.insert(set.slice(0, -1), {});
    expect((await client.patch(`${set}(${id})`, { [bind]: `/${owner}` })).code).toBe(code);
  });
});

test('a member of a team has its roles', async () => {
  const { rows } = dataverse;
  const user = userWithoutRole();
  const team = rows.insert('team', { name: 'Équipe-Test', teamtype: 0 });
  rows.insert('teamroles', { teamid: team, roleid: roleId('Basic User') });
  const assign = () => client.post('contacts', { 'ownerid@odata.bind': `/systemusers(${user})` });
  expect((await assign()).code).toBe('0x80042f09');
  await client.post(`teams(${team})/teammembership_association/$ref`, {
    '@odata.id': `${client.root}systemusers(${user})`,
  });
  expect((await assign()).status).toBe(204);
});

test('the refusal as seen in environments: the code of a missing privilege, and whose it is', async () => {
  dataverse.settings.change({ assigneeRefusal: 'PrivilegeDenied' });
  const user = userWithoutRole();
  const refused = await client.post('appointments', { 'ownerid_appointment@odata.bind': `/systemusers(${user})` });
  expect(refused).toMatchObject({ status: 403, code: '0x80040220' });
  expect(refused.text).toContain(`Principal user (Id=${user}, type=8) is missing prvReadActivity privilege`);
});

test('someone in the CRM may have become owner while it was allowed', () => {
  const user = userWithoutRole();
  const id = dataverse.rows.insert('contact', { _ownerid_value: user });
  expect(dataverse.rows.get('contact', id)).toMatchObject({ _ownerid_value: user });
});
