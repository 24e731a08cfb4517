// The invented département: the same from the same seed, as large as asked, in disorder as asked.
import { afterEach, expect, test } from 'vitest';
import { LARGE } from '../sender/start-sender.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.sender.stop());

const rows = () => {
  const { usagers, rdvs, absences, plages, profiles, referents } = desk.sender.store;
  return [usagers, rdvs, absences, plages, profiles, referents].map((table) => [...table.values()]);
};

test('the same seed invents the same rows, another one others', async () => {
  desk = await openDesk();
  const first = rows();
  await desk.sender.stop();
  desk = await openDesk();
  expect(rows()).toEqual(first);
  await desk.sender.stop();
  desk = await openDesk({ seed: 2 });
  expect(rows()).not.toEqual(first);
});

test('150,000 RDV and 80,000 usagers answer like the small ones, proches and collective RDV among them', async () => {
  desk = await openDesk({ size: LARGE, disorder: 'turning' });
  const { store } = desk.sender;
  expect([store.rdvs.size, store.usagers.size]).toEqual([150_000, 80_000]);
  expect((await desk.list('rdvs?page=1500')).rows).toHaveLength(100);
  expect((await desk.list('users')).meta.total_pages).toBe(800);
  const usagers = [...store.usagers.values()];
  expect(usagers.filter(({ responsible_id }) => responsible_id !== null).length).toBeGreaterThan(5000);
  const rdvs = [...store.rdvs.values()];
  expect(rdvs.filter(({ participations }) => participations.length > 3).length).toBeGreaterThan(2000);
  const days = rdvs.map(({ starts_at }) => (starts_at - desk.clock.now()) / 86_400_000);
  expect(days.some((day) => day > 80) && days.some((day) => day < -700)).toBe(true);
});

test('lists may also turn, or stay as they are', async () => {
  desk = await openDesk({ disorder: 'turning' });
  const [one, other] = [(await desk.list('rdvs')).ids, (await desk.list('rdvs')).ids];
  const at = one.indexOf(other[0] ?? 0);
  expect([...one.slice(at), ...one.slice(0, at)]).toEqual(other);
  await desk.sender.stop();
  desk = await openDesk({ disorder: 'steady' });
  expect((await desk.list('rdvs')).ids).toEqual((await desk.list('rdvs')).ids);
});
