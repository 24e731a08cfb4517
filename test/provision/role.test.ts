// The role of the connector is enough for its work, and no more than that: each privilege is needed by some scenario.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { connectorRole, mergerRole, motifRole, readerRole } from '../../src/provision/roles.ts';
import { CONNECTOR_APPLICATION, CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { type Bench, clear, startBench } from '../delivery/bench.ts';

const REFERENT = 'referent-assignation-created';

/**
 * A usager, a proche, and an RDV with an agent who is a user of Dynamics: created, moved, ended, deleted. The motif had another
 * name before the RDV. The agent follows the usager, is renamed, and follows no more.
 */
const SCENARIO: readonly (readonly [string, Readonly<Record<string, string>>?])[] = [
  ['user-created'],
  ['user-created-proche'],
  ['motif-updated', { 'Premier rendez-vous': 'Ancien rendez-vous' }],
  ['rdv-created'],
  ['rdv-updated'],
  ['rdv-destroyed'],
  [REFERENT],
  [REFERENT, { 'Agent-Test': 'Autre-Test', '16:06:00': '16:06:01' }],
  [REFERENT, { '"created"': '"destroyed"', '16:06:00': '16:06:02' }],
];

const body = ([name, changes = {}]: (typeof SCENARIO)[number]) =>
  Object.entries(changes).reduce(
    (text, [from, to]) => text.replace(from, to),
    readFileSync(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url), 'utf8'),
  );

const READER = 'reader';
const MERGER = 'merger';
const MOTIFS = 'motifs';
const APPLICATIONS: Record<string, string> = {
  [READER]: '6a2e4b63-9d2c-4a1f-8b68-4a3c7d8e9f01',
  [MERGER]: '7b3f5c74-0e3d-4b20-9c79-5b4d8e9fa012',
  [MOTIFS]: '8c4a6d85-1f4e-4c31-8d8a-6c5e9fa0b123',
};

let bench: Bench;
beforeAll(async () => {
  // The id of a team is needed before there is an environment to make it in.
  const team = '7b1c9f04-2a3d-4e58-8f60-1d2c3b4a5e60';
  bench = await startBench({
    dataverse: { applications: { ...APPLICATIONS, [CONNECTOR_TOKEN]: CONNECTOR_APPLICATION } },
    settings: { DEFAULT_OWNER_TEAM: team, AGENT_AS_ORGANIZER: 'true', ON_RDV_DESTROYED: 'delete' },
  });
  const { rows } = bench.dataverse;
  insertOwnerTeam(rows, { teamid: team });
  rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: 'agent-5@example.org', isdisabled: false });
});
afterAll(() => bench.stop());
beforeEach(() => clear(bench.dataverse));

/** Plays the scenario by a worker that remembers nothing, and tells what it was refused. */
async function play() {
  const worker = bench.colleague();
  for (const step of SCENARIO) await worker.deliver(body(step));
  const misconfigured = worker.events.filter(({ event }) => event === 'dataverse.misconfigured');
  const outcomes = worker.events.filter(({ event }) => event === 'notification.done').map(({ outcome }) => outcome);
  return { outcomes, missing: new Set(misconfigured.map(({ missing }) => missing)), putBack: worker.putBack.length };
}

const held = (rows: Rows, privilege: string) => {
  const id = rows.list('privilege').find(({ name }) => name === privilege)?.['privilegeid'];
  return rows
    .list('roleprivileges')
    .find(({ roleid, privilegeid }) => roleid === connectorRole.id && privilegeid === id);
};

test('with its role the connector does all its work', async () => {
  const { outcomes, missing, putBack } = await play();
  expect(outcomes).toEqual(SCENARIO.map(() => 'applied'));
  expect({ missing, putBack }).toEqual({ missing: new Set(), putBack: 0 });
});

describe('without one privilege of it some work is refused', () => {
  // Incidents, the state and duplicates are the timers' work: see incidents-outage.test.ts, duplicates.test.ts.
  const ofDeliveries = connectorRole.privileges.filter((name) => !/rdvs_(incident|run|duplicate)$/.test(name));
  test.each(ofDeliveries)('%s', async (privilege) => {
    const { rows } = bench.dataverse;
    const row = held(rows, privilege);
    if (row === undefined) throw new Error(`the role does not hold ${privilege}`);
    rows.remove('roleprivileges', String(row['roleprivilegeid']));
    try {
      const { missing, putBack } = await play();
      expect([...missing]).toEqual([privilege]);
      expect(putBack).toBeGreaterThan(0);
    } finally {
      rows.insert('roleprivileges', row);
    }
  });
});

test('the role allows neither administration nor the deletion of people', async () => {
  const client = rawClient(bench.dataverse.url, CONNECTOR_TOKEN);
  const { rows } = bench.dataverse;
  const contact = rows.insert('contact', { lastname: 'Usager-Test' });
  const link = rows.insert('rdvs_link', { rdvs_name: 'usager-12' });
  const refused = await Promise.all([
    client.remove(`contacts(${contact})`),
    client.remove(`rdvs_links(${link})`),
    client.get('roles?$select=name'),
    client.patch(`teams(${rows.list('team')[0]?.['teamid']})`, { name: 'Autre' }),
  ]);
  expect(refused.map(({ status, code }) => `${status} ${code}`)).toEqual(Array(4).fill('403 0x80040220'));
});

test('the roles for users are about links, motifs, possible duplicates, participations and referents only', () => {
  expect(readerRole.privileges).toEqual(['prvReadrdvs_link', 'prvReadrdvs_motif']);
  expect(readerRole.ownRowsPrivileges).toEqual(['prvReadrdvs_participation', 'prvReadrdvs_referent']);
  expect(mergerRole.privileges).toEqual([
    ...['prvReadrdvs_duplicate', 'prvWriterdvs_duplicate', 'prvAppendrdvs_duplicate'],
    ...['prvReadrdvs_link', 'prvWriterdvs_link', 'prvAppendrdvs_link'],
    ...['prvReadrdvs_participation', 'prvWriterdvs_participation', 'prvAppendrdvs_participation'],
    ...['prvReadrdvs_referent', 'prvWriterdvs_referent', 'prvAppendrdvs_referent'],
  ]);
});

/** A CRM user with one role of ours, as the emulator lets an application in. */
function userWith(role: string, token: string): string {
  const { rows } = bench.dataverse;
  const user = rows.insert('systemuser', { lastname: 'Agent-Test', applicationid: APPLICATIONS[token] ?? '' });
  rows.insert('systemuserroles', { systemuserid: user, roleid: role });
  return token;
}

test('who has “Lecture” reads links and cannot forge one; who has “Fusion” can let a link follow', async () => {
  const { dataverse } = bench;
  const contact = dataverse.rows.insert('contact', { lastname: 'Usager-Test' });
  const link = dataverse.rows.insert('rdvs_link', { rdvs_name: 'usager-12', _rdvs_contact_value: contact });
  const reader = rawClient(dataverse.url, userWith(readerRole.id, READER));
  const merger = rawClient(dataverse.url, userWith(mergerRole.id, MERGER));
  expect((await reader.get(`rdvs_links(${link})?$select=rdvs_name`)).status).toBe(200);
  const refused = await Promise.all([
    reader.patch(`rdvs_links(${link})`, { rdvs_state: 2 }),
    reader.post('rdvs_links', { rdvs_name: 'usager-13' }),
    merger.post('rdvs_links', { rdvs_name: 'usager-13' }),
    merger.remove(`rdvs_links(${link})`),
    merger.patch(`rdvs_links(${link})`, { rdvs_applied: '{}' }),
  ]);
  expect(refused.map(({ status, code }) => `${status} ${code}`)).toEqual([
    ...Array(4).fill('403 0x80040220'),
    '403 0x8004f507',
  ]);
  expect((await merger.patch(`rdvs_links(${link})`, { rdvs_state: 1 })).status).toBe(204);
});

test('who has “Motifs” fills what people decide about a motif, and neither makes nor deletes one', async () => {
  const { dataverse } = bench;
  const motif = dataverse.rows.insert('rdvs_motif', { rdvs_name: 'Suivi-Test' });
  const team = insertOwnerTeam(dataverse.rows, { name: 'Motifs-Test' });
  const admin = rawClient(dataverse.url, userWith(motifRole.id, MOTIFS));
  const filled = {
    rdvs_subject: '{motif} - {initiales}',
    rdvs_handling: 2,
    'rdvs_ownerteam@odata.bind': `/teams(${team})`,
  };
  expect(await admin.patch(`rdvs_motifs(${motif})`, filled)).toMatchObject({ status: 204 });
  expect(dataverse.rows.get('rdvs_motif', motif)).toMatchObject({ rdvs_handling: 2, _rdvs_ownerteam_value: team });
  const refused = await Promise.all([
    admin.post('rdvs_motifs', { rdvs_name: 'Autre-Test' }),
    admin.remove(`rdvs_motifs(${motif})`),
    admin.get('contacts?$select=lastname'),
  ]);
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
});
