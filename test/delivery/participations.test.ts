// Who came, in Dynamics: the rows of an RDV, in as many requests as without them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { eraseUsager } from '../../src/delivery/erase-usager.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { type Bench, NO_MEMORY, startBench } from './bench.ts';

type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;
type Overrides = NonNullable<Parameters<typeof makeParticipation>[0]>;

let bench: Bench;
let second = 0;
beforeEach(async () => {
  bench = await startBench();
  second = 0;
});
afterEach(() => bench.stop());

function rdv(data: RdvOverrides = {}) {
  second += 1;
  const at = new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv(data), at }));
}
const of = (user: number, over: Overrides = {}) => makeParticipation({ user: makeUser({ id: user }), ...over });
const three = [of(12, { status: 'seen' }), of(13, { status: 'noshow' }), of(14, { status: 'excused' })];
const { unknown, seen, excused, noshow } = optionValues.appointment.rdvs_status;
const rows = () =>
  bench.dataverse.rows
    .list('rdvs_participation')
    .toSorted((a, b) => String(a['rdvs_name']).localeCompare(String(b['rdvs_name'])));
const contactOf = (usager: number) =>
  bench.dataverse.rows.list('rdvs_link').find((row) => row['rdvs_name'] === `usager-${usager}`)?.[
    '_rdvs_contact_value'
  ];

describe('an RDV of three', () => {
  test('has three statuses, each on the contact of the person, in two requests', async () => {
    expect(await bench.requestsOf(() => bench.deliver(rdv({ status: 'seen', participations: three })))).toBe(2);
    expect(rows()).toMatchObject([
      { rdvs_status: seen, _rdvs_contact_value: contactOf(12) },
      { rdvs_status: noshow, _rdvs_contact_value: contactOf(13) },
      { rdvs_status: excused, _rdvs_contact_value: contactOf(14) },
    ]);
  });

  test('gets back the row that somebody deleted, by a worker that reads', async () => {
    await bench.deliver(rdv({ participations: three }));
    bench.dataverse.rows.remove('rdvs_participation', String(rows()[1]?.['rdvs_participationid']));
    await bench.colleague({ memory: NO_MEMORY }).deliver(rdv({ participations: three }));
    expect(rows()).toHaveLength(3);
  });

  test('costs one request while memory holds it, whether or not a row changes', async () => {
    await bench.deliver(rdv({ participations: three }));
    const changed = [of(12, { status: 'noshow' }), ...three.slice(1)];
    for (const participations of [changed, changed, three.slice(1), three]) {
      expect(await bench.requestsOf(() => bench.deliver(rdv({ participations })))).toBe(1);
    }
    expect(rows().map(({ rdvs_status }) => rdvs_status)).toEqual([seen, noshow, excused]);
    expect(bench.putBack).toEqual([]);
  });

  test('goes with the appointment to another agent, without a conflict', async () => {
    const agents = [5, 6].map((id) => makeAgent({ id }));
    const users = agents.map(({ email }) =>
      bench.dataverse.rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: email }),
    );
    await bench.deliver(rdv({ participations: three, agents: agents.slice(0, 1) }));
    expect(new Set(rows().map((row) => row['_ownerid_value']))).toEqual(new Set([users[0]]));
    const other = rdv({ participations: [of(12, { status: 'noshow' }), ...three.slice(1)], agents: agents.slice(1) });
    expect(await bench.requestsOf(() => bench.colleague({ memory: NO_MEMORY }).deliver(other))).toBe(2);
    expect(new Set(rows().map((row) => row['_ownerid_value']))).toEqual(new Set([users[1]]));
    expect(rows()[0]).toMatchObject({ rdvs_status: noshow });
  });

  test('keeps the row of a contact that was deleted in Dynamics; a deleted appointment takes its rows with it', async () => {
    await bench.deliver(rdv({ participations: three }));
    bench.dataverse.rows.remove('contact', String(contactOf(13)));
    await bench.colleague({ memory: NO_MEMORY }).deliver(rdv({ participations: three }));
    expect(rows()[1]).toMatchObject({ rdvs_status: noshow, _rdvs_contact_value: null });
    const [appointment] = bench.dataverse.rows.list('appointment');
    const administrator = rawClient(bench.dataverse.url, 'local');
    expect((await administrator.remove(`appointments(${appointment?.['activityid']})`)).status).toBe(204);
    expect(rows()).toEqual([]);
  });
});

test('an RDV of 200 takes two requests', async () => {
  const participations = Array.from({ length: 200 }, (_, at) => of(1001 + at));
  expect(await bench.requestsOf(() => bench.deliver(rdv({ collectif: true, participations })))).toBe(2);
  expect(rows()).toHaveLength(200);
  const colleague = bench.colleague({ memory: NO_MEMORY });
  expect(await bench.requestsOf(() => colleague.deliver(rdv({ collectif: true, participations })))).toBe(2);
  expect(bench.putBack).toEqual([]);
}, 60_000);

test('erasing a person leaves the row without a contact', async () => {
  await bench.deliver(rdv({ participations: three }));
  const contact = contactOf(13);
  await eraseUsager(bench.worker.dataverse, 13 as UsagerId, { now: '2026-11-24T10:00:00Z', dryRun: false });
  expect(contact).toBeTypeOf('string');
  expect(rows().filter((row) => row['_rdvs_contact_value'] === contact)).toEqual([]);
  expect(rows()).toHaveLength(3);
});

test('an agent who may not read participations keeps the RDV', async () => {
  const { rows: all } = bench.dataverse;
  const user = all.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: 'agent-5@example.org' });
  const read = all.list('privilege').find(({ name }) => name === 'prvReadrdvs_participation')?.['privilegeid'];
  for (const row of all.list('roleprivileges')) {
    const ofConnector = all.list('role').find(({ roleid }) => roleid === row['roleid'])?.['name'];
    if (row['privilegeid'] === read && ofConnector === 'Basic User') {
      all.remove('roleprivileges', String(row['roleprivilegeid']));
    }
  }
  await bench.deliver(rdv({ participations: [of(12)] }));
  expect(all.list('appointment')).toMatchObject([{ _ownerid_value: user }]);
  expect(rows()).toMatchObject([{ rdvs_status: unknown }]);
  expect(rows()[0]?.['_ownerid_value']).not.toBe(user);
});

test('PARTICIPATIONS=false reads and writes none', async () => {
  const without = await startBench({ settings: { PARTICIPATIONS: 'false' } });
  await without.deliver(rdv({ participations: three }));
  await without.colleague({ memory: NO_MEMORY }).deliver(rdv({ participations: three, status: 'seen' }));
  expect(without.dataverse.rows.list('rdvs_participation')).toEqual([]);
  expect(without.putBack).toEqual([]);
  await without.stop();
});
