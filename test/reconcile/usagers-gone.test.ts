// An usager whom no list shows any more: asked for by id, and only then ON_USAGER_REMOVED acts.
import { expect, onTestFinished, test, vi } from 'vitest';
import { keepNight, workOn } from '../../src/reconcile/chain.ts';
import type { Run } from '../../src/reconcile/run.ts';
import { linesOf } from '../../src/reconcile/show-run.ts';
import { DAY, openNightDesk } from './night-desk.ts';

vi.setConfig({ testTimeout: 120_000 });
const SIZE = { organisations: 2, agents: 2, usagers: 40, rdvs: 4 };

async function open(settings: Record<string, string>) {
  const desk = await openNightDesk({ size: SIZE, settings });
  onTestFinished(() => desk.stop());
  await desk.night();
  const { store, requests } = desk.standIn;
  const inRdv = new Set([...store.rdvs.values()].flatMap((rdv) => rdv.participations.map(({ user_id }) => user_id)));
  const isAlone = (id: number) =>
    !inRdv.has(id) && [...store.usagers.values()].every((one) => one.responsible_id !== id || one.id === id);
  const loners = [...store.usagers.values()].filter(({ id, responsible_id }) => responsible_id === null && isAlone(id));
  const [elsewhere] = [...store.organisations.values()].map((one) => ({
    ...one,
    id: store.nextId(),
    name: 'MDS-Test',
  }));
  const leave = (user: number) => {
    const profiles = store.profiles.where('user_id', user);
    for (const { id } of profiles) store.profiles.remove(id);
    return profiles.map(({ organisation_id }) => organisation_id);
  };
  const contactOf = (user: number) => {
    const link = desk.bench.dataverse.rows.list('rdvs_link').find((row) => row['rdvs_name'] === `usager-${user}`);
    const id = String(link?.['_rdvs_contact_value']);
    const contact = desk.bench.dataverse.rows.list('contact').find((row) => row['contactid'] === id);
    return { state: link?.['rdvs_state'], lastname: contact?.['lastname'], statecode: contact?.['statecode'] };
  };
  return {
    desk,
    loners: loners.map(({ id }) => id),
    contactOf,
    leave,
    /** From everywhere. */
    vanish: (user: number) => {
      const organisations = leave(user);
      store.usagers.remove(user);
      return organisations;
    },
    /** To an organisation where the account has no role. */
    move: (user: number) => {
      if (elsewhere === undefined) throw new Error('no organisation');
      leave(user);
      store.organisations.put(elsewhere);
      store.profiles.put({ id: `${user}-${elsewhere.id}`, user_id: user, organisation_id: elsewhere.id });
    },
    /** What the sender answered about these, by id. */
    answers: (users: readonly number[]) =>
      users.map((user) => requests.records.find(({ path }) => path.startsWith(`/api/v1/users/${user}`))?.status),
  };
}

test.each([
  ['keep', { lastname: expect.not.stringContaining('supprimé'), statecode: 0 }],
  ['deactivate', { lastname: expect.not.stringContaining('supprimé'), statecode: 1 }],
  ['anonymise', { lastname: 'Usager supprimé' }],
])('gone (404) or moved (403): asked for by id, then %s', async (policy, end) => {
  const { desk, loners, contactOf, vanish, move, answers } = await open({ ON_USAGER_REMOVED: policy });
  const [gone = 0, moved = 0] = loners;
  vanish(gone);
  move(moved);
  expect([contactOf(gone), contactOf(moved)]).toEqual([
    { state: 1, lastname: expect.any(String), statecode: 0 },
    { state: 1, lastname: expect.any(String), statecode: 0 },
  ]);
  const answered: number[] = [];
  desk.beforeHeal = () => void answered.push(answers([gone, moved]).filter((status) => status !== undefined).length);
  expect((await desk.night()).counts).toMatchObject({ missing: 2, healed: 0, outside: 0 });
  expect(answers([gone, moved])).toEqual([404, 403]);
  // Nothing was sent about anybody before the answer about them.
  expect(answered).toEqual([1, 2]);
  expect(contactOf(gone)).toMatchObject({ state: 3, ...end });
  expect(contactOf(moved)).toMatchObject({ state: 1, ...end });
  expect((await desk.night()).counts).toMatchObject({ missing: 0, healed: 0 });
});

test('more than 2 % of an organisation: nobody is asked for, nobody is touched, and the report says so', async () => {
  const { desk, loners, contactOf, vanish, answers } = await open({ ON_USAGER_REMOVED: 'deactivate' });
  const { store } = desk.standIn;
  const [first] = [...store.organisations.values()];
  const three = loners.filter((id) => store.profiles.get(`${id}-${first?.id}`) !== undefined).slice(0, 3);
  expect(three).toHaveLength(3);
  for (const user of three) vanish(user);
  const run = await desk.night();
  expect(run.refused).toContain(`User-${first?.id}`);
  expect(run.counts).toMatchObject({ missing: 0, outside: expect.any(Number) });
  expect(run.counts.outside).toBeGreaterThanOrEqual(3);
  expect(linesOf(run).join('\n')).toContain(`User-${first?.id}`);
  expect(answers(three)).toEqual([undefined, undefined, undefined]);
  for (const user of three) expect(contactOf(user)).toMatchObject({ state: 1, statecode: 0 });
});

/** An usager of two organisations who left one of them, whose notification was lost. */
async function openLeft(settings: Record<string, string> = {}) {
  const given = await open({ ON_USAGER_REMOVED: 'deactivate', ...settings });
  const { desk, loners } = given;
  const { store } = desk.standIn;
  const [left, stays] = [...store.organisations.values()].map(({ id }) => id);
  const [user = 0] = loners;
  for (const organisation_id of [left, stays]) {
    if (organisation_id === undefined) throw new Error('no organisation');
    store.profiles.put({ id: `${user}-${organisation_id}`, user_id: user, organisation_id });
  }
  await desk.night();
  store.profiles.remove(`${user}-${left}`);
  const stateOf = (organisation: number | undefined) =>
    desk.bench.dataverse.rows.list('rdvs_link').find((row) => row['rdvs_name'] === `profile-${user}-${organisation}`)?.[
      'rdvs_state'
    ];
  return { ...given, user, left, stays, stateOf };
}

test('left one of two organisations (200): that membership alone ends, and the next night asks nobody', async () => {
  const { desk, user, left, stays, stateOf, contactOf } = await openLeft();
  expect([stateOf(left), stateOf(stays)]).toEqual([1, 1]);
  expect((await desk.night()).counts).toMatchObject({ missing: 1, healed: 0, outside: 0 });
  expect([stateOf(left), stateOf(stays)]).toEqual([2, 1]);
  expect(contactOf(user)).toMatchObject({ state: 1, statecode: 0 });
  const { records } = desk.standIn.requests;
  const asked = () => records.filter(({ path }) => path.startsWith(`/api/v1/users/${user}`)).length;
  const before = asked();
  expect((await desk.night()).counts).toMatchObject({ missing: 0, healed: 0, outside: 0 });
  expect(asked()).toBe(before);
});

test('the right to that organisation goes while the usager is asked for: the membership stays', async () => {
  const { desk, user, left, stays, stateOf } = await openLeft();
  const { store, requests } = desk.standIn;
  const isAsked = () => requests.records.some(({ path }) => path.startsWith(`/api/v1/users/${user}`));
  // One step an item: the role goes just before the item that concludes.
  desk.itemSteps = 1;
  const { work } = desk.chain;
  const chain = {
    ...desk.chain,
    work: async (run: Run, save: (run: Run) => Promise<void>) => {
      if (run.stage === 'conclude')
        for (const role of store.roles.where('organisation_id', left ?? 0)) store.roles.remove(role.id);
      await work(run, save);
    },
  };
  desk.clock.moveTo(desk.clock.now() + DAY);
  expect(await keepNight(desk.chain, 0)).toBe(true);
  for (let message = desk.queue.shift(); message !== undefined; message = desk.queue.shift())
    await workOn(message, chain);
  expect(isAsked()).toBe(true);
  expect([stateOf(left), stateOf(stays)]).toEqual([1, 1]);
  expect(desk.told.at(-1)?.counts).toMatchObject({ missing: 0 });
});
