// New incidents are told inside Dynamics: to those who follow the connector, seldom, and to nobody else.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { openCalls } from '../../src/dataverse/calls.ts';
import { DataverseError } from '../../src/dataverse/failure.ts';
import { followerRole, notifierRole, readerRole } from '../../src/provision/roles.ts';
import { notifyFollowers } from '../../src/watch/notify-followers.ts';
import { CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { type Bench, startBench } from '../delivery/bench.ts';

let bench: Bench;
let connectorUser: string;
beforeAll(async () => {
  bench = await startBench();
  connectorUser = String(
    bench.dataverse.rows.list('systemuser').find(({ lastname }) => lastname === 'Connecteur RDV-Solidarités')?.[
      'systemuserid'
    ],
  );
});
afterAll(() => bench.stop());
beforeEach(() => {
  const { rows } = bench.dataverse;
  for (const { appnotificationid } of rows.list('appnotification')) {
    rows.remove('appnotification', String(appnotificationid));
  }
});

const failures: unknown[] = [];
async function notify(afterMs = 0): Promise<void> {
  failures.length = 0;
  const counts = {
    shown: 1,
    reopened: 0,
    replayed: 0,
    discarded: 0,
    putBack: 0,
    ended: 0,
    left: 0,
    conflicts: 0,
    failed: 0,
  };
  await notifyFollowers({
    calls: openCalls(bench.worker.dataverse),
    counts,
    now: () => Date.now() + afterMs,
    log: (_, __, fields) => void failures.push(fields),
  });
}

const notified = () => bench.dataverse.rows.list('appnotification').map((row) => row['_ownerid_value']);
const insert = (table: string, row: Record<string, string | boolean>) => bench.dataverse.rows.insert(table, row);
const person = (row: Record<string, string | boolean> = {}) => insert('systemuser', { lastname: 'Agent-Test', ...row });

test('needs its own role', async () => {
  await expect(notify()).rejects.toBeInstanceOf(DataverseError);
  insert('systemuserroles', { systemuserid: connectorUser, roleid: notifierRole.id });
});

test('reaches who has the role, by themselves or by a team, once, and nobody else', async () => {
  const [direct, inTeam, reader, left] = [person(), person(), person(), person({ isdisabled: true })];
  for (const user of [direct, left]) insert('systemuserroles', { systemuserid: user, roleid: followerRole.id });
  insert('systemuserroles', { systemuserid: reader, roleid: readerRole.id });
  const team = insert('team', { name: 'Équipe-Test' });
  insert('teamroles', { teamid: team, roleid: followerRole.id });
  for (const user of [direct, inTeam]) insert('teammembership', { teamid: team, systemuserid: user });
  await notify();
  expect(notified().sort()).toEqual([direct, inTeam].sort());
  await notify(30 * 60_000);
  expect(notified()).toHaveLength(2);
  const before = bench.dataverse.requests.length;
  await notify(61 * 60_000);
  expect(notified()).toHaveLength(4);
  expect(bench.dataverse.requests.length - before).toBe(4);
});

test('one who may not read notifications keeps back no other', async () => {
  const { rows } = bench.dataverse;
  const without = insert('systemuser', {
    lastname: 'Agent-Test',
    applicationid: '3e2b9c74-8d5f-4a03-9c46-9b7a5f4e3d82',
  });
  insert('systemuserroles', { systemuserid: without, roleid: followerRole.id });
  await notify();
  expect(notified()).toHaveLength(2);
  expect(notified()).not.toContain(without);
  expect(failures).toMatchObject([{ code: '0x80040231' }]);
  expect(JSON.stringify(rows.list('appnotification'))).not.toMatch(/usager-|rdv-\d/);
});

test('a team is no recipient', async () => {
  const team = bench.dataverse.rows.list('team').find(({ name }) => name === 'Équipe-Test');
  const role = bench.dataverse.rows.list('role').find(({ name }) => name === 'Basic User');
  insert('teamroles', { teamid: String(team?.['teamid']), roleid: String(role?.['roleid']) });
  const sent = await rawClient(bench.dataverse.url, CONNECTOR_TOKEN).post('appnotifications', {
    title: 'Test',
    'ownerid@odata.bind': `/teams(${team?.['teamid']})`,
  });
  expect(sent.status).toBe(400);
});
