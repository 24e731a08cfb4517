// Who may sign in, and as whom.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataverseEmulator } from '../src/emulator.ts';
import { startDataverse } from '../src/emulator.ts';
import { rawClient } from './raw-client.ts';

const APPLICATION = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';

let dataverse: DataverseEmulator;
let user: string;
beforeAll(async () => {
  dataverse = await startDataverse({
    applications: { app: APPLICATION, stranger: 'a0a0a0a0-0000-4000-8000-000000000001' },
  });
  user = dataverse.rows.insert('systemuser', { lastname: 'Application', applicationid: APPLICATION });
});
afterAll(() => dataverse.stop());

const as = (token: string) => rawClient(dataverse.url, token);

test('an application is its user, who owns what it creates and may do what its roles allow', async () => {
  const { rows } = dataverse;
  expect((await as('app').get('WhoAmI')).json).toMatchObject({ UserId: user });
  expect(await as('app').post('contacts', { lastname: 'Usager-Test' })).toMatchObject({
    status: 403,
    code: '0x80040220',
  });

  const role = rows.insert('role', { name: 'Essai' });
  rows.insert('systemuserroles', { systemuserid: user, roleid: role });
  for (const { name, privilegeid } of rows.list('privilege')) {
    if (/^prv(Create|Read)Contact$/.test(String(name))) {
      rows.insert('roleprivileges', { roleid: role, privilegeid: String(privilegeid), privilegedepthmask: 8 });
    }
  }
  expect((await as('app').post('contacts', { lastname: 'Usager-Test' })).status).toBe(204);
  const [contact] = rows.list('contact');
  expect(contact).toMatchObject({ _ownerid_value: user, _createdby_value: user });
  const path = `contacts(${contact?.['contactid']})`;
  expect((await as('app').patch(path, { firstname: 'A' })).code).toBe('0x80040220');
  expect((await as('local').patch(path, { firstname: 'A' })).status).toBe(204);
});

test('an application without a user is refused, and so is a disabled user', async () => {
  expect(await as('stranger').get('WhoAmI')).toMatchObject({ status: 403, code: '0x80072560' });
  expect((await as('nobody').get('WhoAmI')).status).toBe(401);
  dataverse.rows.update('systemuser', user, { isdisabled: true });
  expect(await as('app').get('WhoAmI')).toMatchObject({ status: 403, code: '0x80040225' });
});
