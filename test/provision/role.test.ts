// The role of the connector is enough for its work, and no more than that: each privilege is needed by some scenario.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { connectorRole, readerRole } from '../../src/provision/roles.ts';
import { CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { type Bench, clear, startBench } from '../delivery/bench.ts';

/** A usager, a proche, and a RDV with an agent who is a user of Dynamics: created, moved, ended, deleted. */
const SCENARIO = ['user-created', 'user-created-proche', 'rdv-created', 'rdv-updated', 'rdv-destroyed'];

const body = (name: string) =>
  readFileSync(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url), 'utf8');

let bench: Bench;
beforeAll(async () => {
  // The id of a team is needed before there is an environment to make it in.
  const team = '7b1c9f04-2a3d-4e58-8f60-1d2c3b4a5e60';
  bench = await startBench({
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
  for (const name of SCENARIO) await worker.deliver(body(name));
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
  test.each(connectorRole.privileges)('%s', async (privilege) => {
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

test('the role for users is about links only', () => {
  for (const privilege of readerRole.privileges) expect(privilege).toMatch(/^prv(Read|Write|Append)rdvs_link$/);
});
