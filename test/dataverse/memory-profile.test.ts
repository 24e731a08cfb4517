// What links remember about people: secured by provisioning in an order that a working connector survives, and never
// taken for nothing when it cannot be read.
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { run } from '../../src/cli/main.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { memoryProfile } from '../../src/schema/memory-profile.ts';
import { startBench } from '../delivery/bench.ts';
import { CONNECTOR_APPLICATION, CONNECTOR_TOKEN } from './connector-user.ts';

const APPLIED = "EntityDefinitions(LogicalName='rdvs_link')/Attributes(LogicalName='rdvs_applied')";
const body = (name: string) =>
  readFileSync(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url), 'utf8');

async function bench() {
  const started = await startBench();
  onTestFinished(() => started.stop());
  return started;
}

test('an environment without secured columns is upgraded: user, membership, then security and permissions', async () => {
  const dataverse = await startDataverse({ applications: { [CONNECTOR_TOKEN]: CONNECTOR_APPLICATION } });
  onTestFinished(() => dataverse.stop());
  const client = connect({ url: dataverse.url, token: async () => 'local' });
  const raw = rawClient(dataverse.url);
  await provision(client());
  expect((await raw.get(APPLIED)).json['IsSecured']).toBe(false);
  await raw.post('rdvs_links', { rdvs_name: 'usager-12', rdvs_version: 'v', rdvs_applied: '{}', rdvs_state: 1 });

  const { steps } = await provision(client(), { applicationUser: CONNECTOR_APPLICATION });
  const changed = steps.filter(({ change }) => change !== 'unchanged').map(({ component }) => component);
  expect(changed).toEqual([
    `application user ${CONNECTOR_APPLICATION}`,
    `profile ${memoryProfile.name}`,
    `profile ${memoryProfile.name}, member ${CONNECTOR_APPLICATION}`,
    'rdvs_link.rdvs_applied, secured',
    'rdvs_link.rdvs_series, secured',
    'publication of column security',
    `profile ${memoryProfile.name}, permissions`,
  ]);
  expect((await raw.get(APPLIED)).json['IsSecured']).toBe(true);
  const seen = await rawClient(dataverse.url, CONNECTOR_TOKEN).get('rdvs_links?$select=rdvs_applied');
  expect(seen.json['value']).toMatchObject([{ rdvs_applied: '{}' }]);
  expect((await provision(client(), { applicationUser: CONNECTOR_APPLICATION })).changed).toBe(false);
});

test('a user without the profile reads nothing of it, and may not look for it', async () => {
  const { dataverse, deliver } = await bench();
  await deliver(body('user-created'));
  for (const row of dataverse.rows.list('systemuserprofiles'))
    dataverse.rows.remove('systemuserprofiles', String(row['systemuserprofileid']));
  const reader = rawClient(dataverse.url, CONNECTOR_TOKEN);
  expect((await reader.get('rdvs_links?$select=rdvs_applied')).json['value']).toMatchObject([{ rdvs_applied: null }]);
  expect((await reader.get("rdvs_links?$filter=contains(rdvs_applied,'birthdate')")).code).toBe('0x8004f506');
});

test('without the profile the connector puts everything back and names it; with it again, nothing was trampled', async () => {
  const { dataverse, deliver, colleague } = await bench();
  const { rows } = dataverse;
  await deliver(body('user-created'));
  const [contact] = rows.list('contact');
  rows.update('contact', String(contact?.['contactid']), { firstname: 'Corrigé' });
  const [membership] = rows.list('systemuserprofiles');
  rows.remove('systemuserprofiles', String(membership?.['systemuserprofileid']));

  const blind = colleague();
  for (const name of ['user-updated', 'rdv-created']) await blind.deliver(body(name));
  expect(blind.putBack).toHaveLength(2);
  const complaints = blind.events.filter(({ event }) => event === 'dataverse.misconfigured');
  expect(complaints.map(({ missing }) => missing)).toEqual([memoryProfile.name, memoryProfile.name]);
  expect(rows.list('appointment')).toEqual([]);
  expect(rows.list('contact')).toMatchObject([{ firstname: 'Corrigé' }]);

  rows.insert('systemuserprofiles', { ...membership });
  const seeing = colleague();
  await seeing.deliver(body('user-updated'));
  expect(seeing.putBack).toEqual([]);
  expect(rows.list('contact')).toMatchObject([{ firstname: 'Corrigé' }]);
});

test('a new record is not written either: the first write is refused, and the profile named', async () => {
  const { dataverse, colleague } = await bench();
  const [membership] = dataverse.rows.list('systemuserprofiles');
  dataverse.rows.remove('systemuserprofiles', String(membership?.['systemuserprofileid']));
  const blind = colleague();
  await blind.deliver(body('user-created'));
  expect(blind.events.filter(({ event }) => event === 'dataverse.misconfigured')).toMatchObject([
    { code: '0x8004f502', missing: memoryProfile.name },
  ]);
  expect(dataverse.rows.list('contact')).toEqual([]);
});

test('a link that people made without a version still ties', async () => {
  const { dataverse, deliver, colleague } = await bench();
  const { rows } = dataverse;
  await deliver(body('user-created'));
  const [written] = rows.list('rdvs_link');
  rows.remove('contact', String(written?.['_rdvs_contact_value']));
  rows.remove('rdvs_link', String(written?.['rdvs_linkid']));
  const contact = rows.insert('contact', { lastname: 'Usager-Test' });
  const { rdvs_linkid = null, rdvs_name = null } = written ?? {};
  rows.insert('rdvs_link', { rdvs_linkid, rdvs_name, _rdvs_contact_value: contact });
  await colleague().deliver(body('user-created'));
  expect(rows.list('contact')).toMatchObject([{ contactid: contact, firstname: 'Camille' }]);
});

test('commands of an account that may not read it refuse, and name the profile', async () => {
  const { dataverse, deliver } = await bench();
  await deliver(body('user-created'));
  const { rows } = dataverse;
  for (const { systemuserprofileid } of rows.list('systemuserprofiles'))
    rows.remove('systemuserprofiles', String(systemuserprofileid));
  const complaints: string[] = [];
  const file = new URL('../../local/rdv-solidarites/notifications/user-created.json', import.meta.url).pathname;
  const code = await run(['explain', file], {
    environment: { DATAVERSE_URL: dataverse.url, DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN },
    print: () => {},
    complain: (line) => complaints.push(line),
  });
  expect(code).not.toBe(0);
  expect(complaints.join('\n')).toContain(memoryProfile.name);
});
