// The night keeps the list of possible duplicates, once, and never holds up the rest.
import { afterEach, expect, test } from 'vitest';
import { keepNight, workOn } from '../../src/reconcile/chain.ts';
import { linesOf } from '../../src/reconcile/show-run.ts';
import { type NightDesk, openNightDesk } from './night-desk.ts';

const open: NightDesk[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((desk) => desk.stop()));
});
async function opened(): Promise<NightDesk> {
  const desk = await openNightDesk({ size: { organisations: 1, agents: 1, usagers: 4, rdvs: 4, near: 1 } });
  open.push(desk);
  for (const lastname of ['Usager-Test', 'Usager-Tést'])
    desk.bench.dataverse.rows.insert('contact', { firstname: 'Camille', lastname, birthdate: '1985-04-12' });
  return desk;
}

const listed = ({ bench }: NightDesk) => bench.dataverse.rows.list('rdvs_duplicate');

test('a night finds the pair and says so; the next one leaves what people said of it', async () => {
  const desk = await opened();
  const first = await desk.night();
  expect(first.duplicates).toMatchObject({ created: listed(desk).length });
  expect(linesOf(first).join()).toMatch(/doublons possibles : \d+, dont \d+ nouveaux/);
  const [pair] = listed(desk).filter(({ rdvs_score }) => Number(rdvs_score) >= 90);
  expect(pair).toMatchObject({ rdvs_state: 1 });
  desk.bench.dataverse.rows.update('rdvs_duplicate', String(pair?.['rdvs_duplicateid']), { rdvs_state: 2 });
  expect((await desk.night()).duplicates).toMatchObject({ created: 0, deleted: 0 });
  expect(listed(desk).find((row) => row['rdvs_duplicateid'] === pair?.['rdvs_duplicateid'])).toMatchObject({
    rdvs_state: 2,
  });
});

test('the command compares records, and searches no duplicates', async () => {
  const desk = await opened();
  expect((await desk.look()).duplicates).toBeNull();
  expect(listed(desk)).toEqual([]);
});

/** Works until the search is next. */
async function untilSearch(desk: NightDesk): Promise<void> {
  await keepNight(desk.chain, 4 * 60 + 30);
  while ((await desk.store.read())?.stage !== 'duplicates') await workOn(desk.queue.shift(), desk.chain);
}

function expectUnfinished(desk: NightDesk): void {
  const [told] = desk.told;
  expect(told).toMatchObject({ duplicates: 'unfinished', stopped: null });
  expect(told && linesOf(told).join()).toContain('lancez `duplicates find`');
  expect(listed(desk)).toEqual([]);
}

test('a search that an item has no time for is left to the command, and the night ends', async () => {
  const desk = await opened();
  await untilSearch(desk);
  desk.itemSteps = 1;
  await desk.drain();
  expectUnfinished(desk);
});

test('a search that a worker dies of is not begun again', async () => {
  const desk = await opened();
  await untilSearch(desk);
  await desk.store.locked(async ({ run, write }) => {
    if (run !== undefined) await write({ ...run, duplicates: 'begun' });
    return {};
  });
  await desk.drain();
  expectUnfinished(desk);
});

test('a Dataverse that is down for a while is asked again by the next item', async () => {
  const desk = await opened();
  await keepNight(desk.chain, 4 * 60 + 30);
  desk.bench.dataverse.faults.add({ kind: '503', times: 1, match: { path: 'rdvs_duplicates' } });
  await desk.drain();
  expect(desk.told).toMatchObject([{ stopped: null, duplicates: { created: listed(desk).length } }]);
  expect(listed(desk).length).toBeGreaterThan(0);
});
