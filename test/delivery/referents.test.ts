// Who follows whom, in Dynamics: two requests a notification, rows that go with their contact.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { makeAgent, makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { eraseUsager } from '../../src/delivery/erase-usager.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { type Bench, NO_MEMORY, startBench } from './bench.ts';

let bench: Bench;
let second = 0;
beforeEach(async () => {
  bench = await startBench();
  second = 0;
});
afterEach(() => bench.stop());

const AGENT = makeAgent({ id: 5 });

function assignation(event: 'created' | 'destroyed', usager = 12) {
  second += 1;
  const at = new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
  const data = { user: makeUser({ id: usager }), agent: AGENT };
  return senderJson(makeNotification({ model: 'ReferentAssignation', event, data, at }));
}

const rows = () => bench.dataverse.rows.list('rdvs_referent');
const contactOf = (usager: number) =>
  String(
    bench.dataverse.rows.list('rdvs_link').find((row) => row['rdvs_name'] === `usager-${usager}`)?.[
      '_rdvs_contact_value'
    ],
  );
const addAgent = () =>
  bench.dataverse.rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: AGENT.email });

test('an assignation, its end and its return take two requests each', async () => {
  const user = addAgent();
  for (const [event, count] of [
    ['created', 1],
    ['destroyed', 0],
    ['created', 1],
  ] as const) {
    const worker = bench.colleague({ memory: NO_MEMORY });
    expect(await bench.requestsOf(() => worker.deliver(assignation(event)))).toBe(2);
    expect(rows()).toHaveLength(count);
    expect(worker.putBack).toEqual([]);
  }
  expect(rows()).toMatchObject([
    { rdvs_name: 'referent-12-5', _rdvs_contact_value: contactOf(12), _rdvs_user_value: user, _ownerid_value: user },
  ]);
});

test('rows go with a contact that is deleted, and with one that is merged', async () => {
  await bench.deliver(assignation('created', 12));
  await bench.deliver(assignation('created', 13));
  const administrator = rawClient(bench.dataverse.url, 'local');
  const merged = await administrator.post('Merge', {
    Target: { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: contactOf(13) },
    Subordinate: { '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid: contactOf(12) },
    PerformParentingChecks: false,
  });
  expect(merged.status).toBe(204);
  expect(new Set(rows().map((row) => row['_rdvs_contact_value']))).toEqual(new Set([contactOf(13)]));
  expect((await administrator.remove(`contacts(${contactOf(13)})`)).status).toBe(204);
  expect(rows()).toEqual([]);
});

test('a row that somebody deleted comes back', async () => {
  await bench.deliver(assignation('created'));
  bench.dataverse.rows.remove('rdvs_referent', String(rows()[0]?.['rdvs_referentid']));
  await bench.colleague({ memory: NO_MEMORY }).deliver(assignation('created'));
  expect(rows()).toHaveLength(1);
});

test('an agent who may not read referents owns none', async () => {
  const user = addAgent();
  const { rows: all } = bench.dataverse;
  const read = all.list('privilege').find(({ name }) => name === 'prvReadrdvs_referent')?.['privilegeid'];
  const basicUser = all.list('role').find(({ name }) => name === 'Basic User')?.['roleid'];
  for (const row of all.list('roleprivileges')) {
    if (row['privilegeid'] === read && row['roleid'] === basicUser) {
      all.remove('roleprivileges', String(row['roleprivilegeid']));
    }
  }
  await bench.deliver(assignation('created'));
  expect(rows()).toMatchObject([{ _rdvs_user_value: user }]);
  expect(rows()[0]?.['_ownerid_value']).not.toBe(user);
});

test('erasing a person takes the referents, and whatever comes later brings none', async () => {
  await bench.deliver(assignation('created', 12));
  await bench.deliver(assignation('created', 13));
  const erase = () =>
    eraseUsager(bench.worker.dataverse, 12 as UsagerId, { now: '2026-11-24T10:00:00Z', dryRun: false });
  expect(await erase()).toMatchObject({ referents: 1 });
  expect(await erase()).toMatchObject({ referents: 0 });
  await bench.colleague({ memory: NO_MEMORY }).deliver(assignation('created', 12));
  expect(rows()).toMatchObject([{ rdvs_name: 'referent-13-5' }]);
});
