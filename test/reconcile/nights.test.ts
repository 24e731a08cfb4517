// A night makes good what was lost, and nothing else.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type NightDesk, openNightDesk } from './night-desk.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
let desk: NightDesk;
beforeAll(async () => {
  desk = await openNightDesk({ size: { organisations: 2, agents: 2, usagers: 16, rdvs: 40, near: 0.8 } });
  await desk.night();
});
afterAll(() => desk.stop());

const near = () =>
  [...desk.standIn.store.rdvs.values()].filter(
    ({ starts_at }) => Math.abs(starts_at - desk.clock.now()) < 20 * 86_400_000,
  );
const rdv = (at = 0) => {
  const one = near().toSorted((a, b) => a.id - b.id)[at];
  if (one === undefined) throw new Error('no RDV');
  return one;
};
const list = (table: string) => desk.bench.dataverse.rows.list(table);
const appointmentOf = (id: number) => list('appointment').find((row) => row['rdvs_rdvid'] === String(id));
const linkOf = (name: string) => list('rdvs_link').find((row) => row['rdvs_name'] === name);

test('the first night writes everything, and a look afterwards finds nothing to do', async () => {
  expect(desk.told[0]?.counts.healed).toBeGreaterThan(30);
  const look = await desk.look();
  expect(look).toMatchObject({
    stopped: null,
    reportOnly: null,
    counts: { healed: 0, missing: 0, stale: 0, outside: 0 },
  });
  expect(look.counts.read).toBe(look.counts.same + look.counts.keptOut + look.counts.corrected);
});

/** A change that no webhook announced. */
const silently = (id: number, changes: Partial<ReturnType<typeof rdv>>) =>
  desk.standIn.store.rdvs.put({ ...desk.standIn.store.rdvs.at(id), ...changes });

describe('a lost notification', () => {
  test('of an RDV that was moved and filled is made good', async () => {
    const { id, starts_at, ends_at } = rdv();
    silently(id, { starts_at: starts_at + 3_600_000, ends_at: ends_at + 3_600_000 });
    const { counts } = await desk.night();
    expect(counts).toMatchObject({ healed: 1, missing: 0, stale: 0 });
    const wanted = new Date(starts_at + 3_600_000).getTime();
    expect(new Date(String(appointmentOf(id)?.['scheduledstart'])).getTime()).toBe(wanted);
    expect((await desk.look()).counts).toMatchObject({ healed: 0 });
  });

  test('of an usager is made good once, although RDV name them too', async () => {
    const [participation] = rdv(1).participations;
    const usager = participation?.user_id ?? 0;
    desk.standIn.store.usagers.put({ ...desk.standIn.store.usagers.at(usager), birth_name: 'Naissance-Test' });
    const { counts } = await desk.night();
    expect(counts.healed).toBeGreaterThan(0);
    expect((await desk.look()).counts).toMatchObject({ healed: 0, missing: 0 });
    expect(list('contact').some((row) => row['rdvs_birthname'] === 'Naissance-Test')).toBe(true);
  });

  test('of an RDV that was destroyed: missing, asked for by id', async () => {
    const gone = rdv(2);
    desk.standIn.store.rdvs.remove(gone.id);
    expect((await desk.night()).counts).toMatchObject({ missing: 1, healed: 0 });
    expect(linkOf(`rdv-${gone.id}`)?.['rdvs_state']).toBe(3);
    expect((await desk.night()).counts).toMatchObject({ missing: 0, healed: 0 });
    desk.standIn.store.rdvs.put(gone);
    await desk.night();
    expect(linkOf(`rdv-${gone.id}`)?.['rdvs_state']).toBe(1);
  });
});

describe('what people did in Dynamics stays', () => {
  test('a corrected value is counted every night', async () => {
    const { id } = rdv(3);
    const row = appointmentOf(id);
    desk.bench.dataverse.rows.update('appointment', String(row?.['activityid']), { location: 'Salle-Test' });
    for (let night = 0; night < 2; night += 1) {
      expect((await desk.night()).counts).toMatchObject({ healed: 0, corrected: 1 });
      expect(appointmentOf(id)?.['location']).toBe('Salle-Test');
    }
  });

  test('so does a deleted appointment', async () => {
    const { id } = rdv(4);
    const before = (await desk.look()).counts.keptOut;
    desk.bench.dataverse.rows.remove('appointment', String(appointmentOf(id)?.['activityid']));
    for (let night = 0; night < 2; night += 1) {
      expect((await desk.night()).counts).toMatchObject({ healed: 0, keptOut: before + 1 });
      expect(appointmentOf(id)).toBeUndefined();
    }
  });
});

describe('nothing is taken for missing', () => {
  const missing = () => list('rdvs_link').filter((row) => row['rdvs_state'] === 3).length;
  const refuse = async () => {
    const before = missing();
    const run = await desk.night();
    desk.standIn.clearFaults();
    expect(run.counts.missing).toBe(0);
    expect(missing()).toBe(before);
    return run;
  };

  test('when lists are empty', async () => {
    const { rdvs } = desk.standIn.store;
    const kept = [...rdvs.values()];
    for (const { id } of kept) rdvs.remove(id);
    const { refused, counts } = await refuse();
    for (const row of kept) rdvs.put(row);
    expect(refused.length).toBeGreaterThan(0);
    expect(counts.outside).toBeGreaterThan(2);
  });

  test('when the account loses its role in an organisation, before or meanwhile', async () => {
    const { roles } = desk.standIn.store;
    const role = [...roles.values()].find(({ agent_id }) => agent_id === desk.agent);
    if (role === undefined) throw new Error('no role');
    desk.standIn.addFault({ kind: 'lose-right', after: 6, agent: desk.agent, organisation: role.organisation_id });
    expect((await refuse()).lost).toEqual([role.organisation_id]);
    if (roles.get(role.id) === undefined) roles.put(role);
    expect((await refuse()).lost).toEqual([]);
    roles.remove(role.id);
    expect((await refuse()).lost).toEqual([role.organisation_id]);
    roles.put(role);
  });

  test('when the account is demoted to the motifs of its service', async () => {
    const { roles } = desk.standIn.store;
    const kept = [...roles.values()].filter(({ agent_id }) => agent_id === desk.agent);
    for (const role of kept) roles.put({ ...role, access_level: 'basic' });
    expect((await refuse()).counts.outside).toBeGreaterThan(0);
    for (const role of kept) roles.put(role);
  });

  test('when the sender’s clock is an hour off: nothing is written at all', async () => {
    const { id, context } = rdv(5);
    silently(id, { status: 'seen' });
    desk.standIn.skew.router = 3_600_000;
    const before = desk.healed.length;
    const run = await refuse();
    desk.standIn.skew.router = 0;
    expect(run.reportOnly).toBe('clocks-apart');
    expect(desk.healed).toHaveLength(before);
    expect(context).toBeDefined();
    expect((await desk.night()).counts.healed).toBe(1);
  });

  test('when a list changes while it is read', async () => {
    desk.standIn.addFault({ kind: 'add-rdv', times: 3, after: 5 });
    await refuse();
  });

  test('when the sender fails, and the run goes on with the next item', async () => {
    desk.standIn.addFault({ kind: '500', times: 8, after: 4 });
    expect((await refuse()).stopped).toBeNull();
  });
});

test('a token that is gone, or a sender that stays down, ends the run', async () => {
  desk.agent = 0;
  expect((await desk.night()).stopped).toBe('consent-http-401');
  desk.agent = 1;
  desk.standIn.addFault({ kind: '302', times: -1 });
  expect((await desk.night()).stopped).toBe('unavailable-http-302');
  desk.standIn.clearFaults();
  desk.agent = 2;
  expect((await desk.night()).stopped).toBe('no-organisation');
  desk.agent = 1;
});
