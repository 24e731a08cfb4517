// What looks like proof and is none: a right that goes in the middle of a run, clocks that differ, work that is cut short.
import { afterEach, expect, test, vi } from 'vitest';
import { openPace } from '../../src/rdv-solidarites/api/pace.ts';
import { keepNight, workOn } from '../../src/reconcile/chain.ts';
import { dueNight } from '../../src/reconcile/paris.ts';
import { newRun } from '../../src/reconcile/run.ts';
import { virtualClock } from '../rdv-solidarites/api/virtual-clock.ts';
import { DAY, memoryStore, type NightDesk, type NightOptions, openNightDesk } from './night-desk.ts';

vi.setConfig({ testTimeout: 60_000 });
const open: NightDesk[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((desk) => desk.stop()));
});
const AT = 4 * 60 + 30;
const SIZE = { organisations: 2, agents: 2, usagers: 12, rdvs: 24, near: 1 };
async function afterFirstNight(options: NightOptions = { size: SIZE }): Promise<NightDesk> {
  const desk = await openNightDesk(options);
  open.push(desk);
  await desk.night();
  return desk;
}
const missing = ({ bench }: NightDesk) =>
  bench.dataverse.rows.list('rdvs_link').filter((row) => row['rdvs_state'] === 3).length;
const organisationOf = ({ standIn }: NightDesk) => first([...standIn.store.organisations.values()]).id;
const near = (desk: NightDesk) => nearOf(desk, organisationOf(desk));
const nearOf = ({ standIn, clock }: NightDesk, organisation: number) =>
  standIn.store.rdvs
    .where('organisation_id', organisation)
    .filter(({ starts_at }) => Math.abs(starts_at - clock.now()) < 20 * DAY);
const first = <T>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error('none there');
  return one;
};

test('an RDV whose motif shares its name with one that the account may see is not taken for missing', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  const { motifs, rdvs, roles, agents } = desk.standIn.store;
  const organisation = organisationOf(desk);
  const [mine, other] = [7001, 7002];
  for (const [id, service_id] of [
    [mine, 1],
    [other, 2],
  ] as const) {
    motifs.put({
      ...first([...motifs.values()]),
      id,
      organisation_id: organisation,
      service_id,
      name: 'Accompagnement',
      collectif: false,
    });
  }
  near(desk).forEach((rdv, at) => void rdvs.put({ ...rdv, motif_id: at === 0 ? other : mine, agents: [2] }));
  await desk.night();
  const role = first(
    roles.where('agent_id', desk.agent).filter(({ organisation_id }) => organisation_id === organisation),
  );
  roles.put({ ...role, access_level: 'basic' });
  agents.put({ ...agents.at(desk.agent), services: [1] });
  const { counts, refused } = await desk.night();
  expect(refused).toEqual([]);
  expect(counts).toMatchObject({ missing: 0, outside: 1 });
  expect(missing(desk)).toBe(0);
});

test('an RDV that is asked for just after the account lost its role is not taken for missing', async () => {
  const desk = await afterFirstNight();
  const { rdvs } = desk.standIn.store;
  const moved = first(near(desk));
  rdvs.put({ ...moved, starts_at: moved.starts_at + 800 * DAY, ends_at: moved.ends_at + 800 * DAY });
  const match = { path: '/api/v1/rdvs' };
  desk.standIn.addFault({ kind: 'lose-right', agent: desk.agent, organisation: organisationOf(desk), match });
  expect((await desk.night()).counts).toMatchObject({ missing: 0, outside: 1 });
  expect(missing(desk)).toBe(0);
});

test('an usager hidden with an organisation keeps the membership there', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  const { profiles, organisations, roles } = desk.standIn.store;
  const [seen = 0, hidden = 0] = [...organisations.values()].map(({ id }) => id);
  const usager = first(profiles.where('organisation_id', seen)).user_id;
  profiles.put({ id: `${usager}-${hidden}`, user_id: usager, organisation_id: hidden });
  await desk.night();
  const role = first(roles.where('agent_id', desk.agent).filter(({ organisation_id }) => organisation_id === hidden));
  roles.remove(role.id);
  profiles.remove(`${usager}-${seen}`);
  const stateOf = (name: string) =>
    desk.bench.dataverse.rows.list('rdvs_link').find((row) => row['rdvs_name'] === name)?.['rdvs_state'];
  expect((await desk.night()).counts).toMatchObject({ missing: 0, outside: 1 });
  expect(stateOf(`profile-${usager}-${hidden}`)).toBe(1);
  roles.put(role);
  profiles.remove(`${usager}-${hidden}`);
  await desk.night();
  expect([stateOf(`profile-${usager}-${seen}`), stateOf(`profile-${usager}-${hidden}`)]).toEqual([3, 3]);
});

test('a list that widens because the role is lost makes nobody a member', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  const organisation = organisationOf(desk);
  const match = { path: `organisations/${organisation}/users` };
  desk.standIn.addFault({ kind: 'lose-right', agent: desk.agent, organisation: organisationOf(desk), match });
  await desk.night();
  const members = new Set(
    desk.standIn.store.profiles.where('organisation_id', organisation).map(({ user_id }) => user_id),
  );
  const strangers = desk.bench.dataverse.rows.list('rdvs_link').flatMap((row) => {
    const [, usager, of] = /^profile-(\d+)-(\d+)$/.exec(String(row['rdvs_name'])) ?? [];
    return Number(of) === organisation && !members.has(Number(usager)) ? [usager] : [];
  });
  expect(strangers).toEqual([]);
});

test('the RDV of an agent who may own nothing make no drift, night after night', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  const { rows } = desk.bench.dataverse;
  const [agent = 0] = first(near(desk)).agents;
  const user = rows.insert('systemuser', {
    lastname: 'Agent-Test',
    internalemailaddress: String(desk.standIn.store.agents.at(agent).email),
  });
  for (const { systemuserid, systemuserroleid } of rows.list('systemuserroles'))
    if (systemuserid === user) rows.remove('systemuserroles', String(systemuserroleid));
  await desk.night();
  const written = async () => {
    const before = desk.found.length;
    await desk.night();
    return desk.found.slice(before).filter(({ name, drift }) => drift === 'would-write' && name.startsWith('rdv-'));
  };
  expect(await written()).toEqual([]);
  // Whoever may own them later does so with the next notification.
  const role = rows.list('role').find(({ name }) => name === 'Basic User');
  rows.insert('systemuserroles', { systemuserid: user, roleid: String(role?.['roleid']) });
  expect(await written()).toEqual([]);
});

test('numbers add up although an item failed in the middle of a page', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  desk.bench.dataverse.faults.add({ kind: '500-sql', match: { path: '$batch' } });
  await keepNight(desk.chain, AT);
  await desk.drain();
  const [run] = desk.told;
  expect(desk.bench.dataverse.faults.list()).toEqual([]);
  const { read = 0, same = 0, healed = 0, corrected = 0, keptOut = 0, stale = 0 } = run?.counts ?? {};
  expect(run?.stopped).toBeNull();
  expect(read).toBe(same + healed + corrected + keptOut + stale);
});

test('a sender that asks to wait for more than a minute has the right time all the same', async () => {
  const desk = await afterFirstNight();
  desk.standIn.addFault({ kind: '429', retryAfter: 90, after: 4 });
  expect((await desk.night()).reportOnly).toBeNull();
});

test('two routers whose clocks differ by a second are no clock that goes backwards', async () => {
  const desk = await afterFirstNight();
  const { id, starts_at, ends_at } = first(near(desk));
  const later = { starts_at: starts_at + 3_600_000, ends_at: ends_at + 3_600_000 };
  desk.standIn.store.rdvs.put({ ...desk.standIn.store.rdvs.at(id), ...later });
  desk.beforeHeal = () => {
    desk.standIn.skew.router = -1500;
  };
  expect((await desk.night()).reportOnly).toBeNull();
  desk.standIn.skew.router = -5000;
  expect((await desk.look()).reportOnly).toBeNull();
});

test('an item that is late from its beginning takes one step all the same', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  desk.itemSteps = 0;
  await keepNight(desk.chain, AT);
  let items = 0;
  for (let message = desk.queue.shift(); message !== undefined && items < 200; message = desk.queue.shift()) {
    await workOn(message, desk.chain);
    items += 1;
  }
  expect(desk.told).toHaveLength(1);
  expect(items).toBeGreaterThan(5);
});

test('an error of our own that comes again each time ends the night, and is told of', async () => {
  const desk = await openNightDesk({ size: SIZE });
  open.push(desk);
  desk.beforeHeal = () => {
    throw new TypeError('what nobody thought of');
  };
  expect(await desk.night()).toMatchObject({ stopped: 'internal' });
});

test('a pace that another machine kept by a wrong clock is not waited for', async () => {
  const clock = virtualClock();
  await openPace({ perMinute: 40, clock, nextAt: clock.now() + DAY }).turn();
  expect(clock.now()).toBeLessThanOrEqual(1500);
});

test('a run that was touched by a clock far ahead, and never ended, keeps no night away', async () => {
  const store = memoryStore();
  const now = Date.parse('2026-11-24T03:40:00Z');
  const given = { id: 'command-1', kind: 'command', night: null, dryRun: true, former: undefined } as const;
  await store.locked(async ({ write }) => {
    await write({ ...newRun({ ...given, now: now + 2 * DAY }) });
    return {};
  });
  const chain = { store, now: () => now, send: async () => undefined, tell: async () => undefined };
  expect(await keepNight(chain, AT)).toBe(true);
});

test('a night that began late, after the clocks changed, is not taken for the one before', () => {
  const four = Date.parse('2026-03-29T02:00:00Z');
  expect(dueNight(four, 30, '2026-03-28')).toBe('2026-03-29');
  expect(dueNight(four, 30, '2026-03-29')).toBeUndefined();
  const evening = Date.parse('2026-03-28T23:40:00Z');
  expect(dueNight(evening, 20 * 60, '2026-03-27')).toBe('2026-03-28');
});
