// One chain of work items, whatever happens to its messages and workers; and the hours of Paris.
import { afterEach, expect, test } from 'vitest';
import { keepNight, workOn } from '../../src/reconcile/chain.ts';
import { dueNight, quietFor } from '../../src/reconcile/paris.ts';
import { readSenderSettings } from '../../src/settings.ts';
import { DAY, memoryStore, type NightDesk, openNightDesk } from './night-desk.ts';

const open: NightDesk[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((desk) => desk.stop()));
});
async function opened(): Promise<NightDesk> {
  const desk = await openNightDesk({ size: { organisations: 2, agents: 2, usagers: 8, rdvs: 16, near: 1 } });
  open.push(desk);
  return desk;
}
const AT = 4 * 60 + 30;

test('items of one step each end as one long item does, and messages repeated or late are dropped', async () => {
  const desk = await opened();
  desk.itemSteps = 1;
  await keepNight(desk.chain, AT);
  const sent = [...desk.queue];
  for (let message = desk.queue.shift(); message !== undefined; message = desk.queue.shift()) {
    await workOn(message, desk.chain);
    const before = desk.healed.length;
    for (const old of [...sent, message]) expect(await workOn(old, desk.chain)).toBe('over');
    expect(desk.healed.length).toBe(before);
    expect(desk.queue.length).toBeLessThanOrEqual(1);
    sent.push(message);
  }
  expect(sent.length).toBeGreaterThan(5);
  expect(desk.told).toHaveLength(1);
  expect((await desk.look()).counts).toMatchObject({ healed: 0, missing: 0 });
});

test('a worker that dies anywhere leaves a message that goes on', async () => {
  const desk = await opened();
  desk.itemSteps = 2;
  let left = 0;
  desk.beforeHeal = () => {
    left += 1;
    if (left % 7 === 0) throw new Error('killed');
  };
  await keepNight(desk.chain, AT);
  let deaths = 0;
  for (let message = desk.queue.shift(); message !== undefined; message = desk.queue.shift()) {
    // The host delivers a message again whose function died.
    await workOn(message, desk.chain).catch(() => {
      deaths += 1;
      if (message !== undefined) desk.queue.unshift(message);
    });
  }
  expect(deaths).toBeGreaterThan(2);
  expect(desk.told).toHaveLength(1);
  desk.beforeHeal = () => undefined;
  expect((await desk.look()).counts).toMatchObject({ healed: 0, missing: 0 });
});

test('killed between the successor and its own mark, the successor is worked on and the old message dropped', async () => {
  const desk = await opened();
  desk.itemSteps = 1;
  await keepNight(desk.chain, AT);
  const [first] = desk.queue.splice(0);
  const dying = {
    ...desk.chain,
    send: async (message: NonNullable<typeof first>, delayMs: number) => {
      await desk.chain.send(message, delayMs);
      throw new Error('killed');
    },
  };
  await expect(workOn(first, dying)).rejects.toThrow('killed');
  const [second] = desk.queue.splice(0);
  expect(await workOn(second, desk.chain)).toBe('worked');
  expect(await workOn(first, desk.chain)).toBe('over');
  expect(desk.queue).toHaveLength(1);
});

test('two workers on one window: the second waits, and its message is then old', async () => {
  const desk = await opened();
  desk.itemSteps = 2;
  await keepNight(desk.chain, AT);
  const [first] = desk.queue.splice(0);
  const results = await Promise.all([workOn(first, desk.chain), workOn(first, desk.chain)]);
  expect(results.toSorted()).toEqual(['busy', 'worked']);
  expect(await Promise.all(desk.queue.filter(({ item }) => item === 1).map((old) => workOn(old, desk.chain)))).toEqual([
    'over',
  ]);
});

test('a night begins once, at RECONCILE_AT or up to six hours later; a lost message is sent again', async () => {
  const sent: unknown[] = [];
  let now = Date.parse('2026-11-24T03:29:00Z');
  const chain = {
    store: memoryStore(),
    now: () => now,
    send: async (message: unknown) => void sent.push(message),
    tell: async () => undefined,
  };
  const ticks: boolean[] = [];
  for (const at of ['03:29', '03:40', '03:50', '04:30']) {
    now = Date.parse(`2026-11-24T${at}:00Z`);
    ticks.push(await keepNight(chain, AT));
  }
  expect(ticks).toEqual([false, true, false, true]);
  expect(sent).toEqual([
    { v: 1, run: 'night-2026-11-24', item: 1 },
    { v: 1, run: 'night-2026-11-24', item: 1 },
  ]);
});

test.each([
  ['in winter', '2026-01-10T03:30:00Z', '2026-01-10'],
  ['in summer', '2026-07-10T02:30:00Z', '2026-07-10'],
  ['on the night that loses an hour', '2026-03-29T02:30:00Z', '2026-03-29'],
  ['on the night that gains one', '2026-10-25T03:30:00Z', '2026-10-25'],
])('half past four in Paris, %s', (_, instant, night) => {
  const now = Date.parse(instant);
  expect(dueNight(now - 60_000, AT, null)).toBeUndefined();
  expect(dueNight(now, AT, null)).toBe(night);
  expect(dueNight(now, AT, night)).toBeUndefined();
  expect(dueNight(now + 7 * 3_600_000, AT, null)).toBeUndefined();
});

test('one run a night over a year of ticks, none in the sender’s hours', () => {
  let last: string | null = null;
  let nights = 0;
  for (let now = Date.parse('2026-01-01T00:00:00Z'); now < Date.parse('2027-01-01T00:00:00Z'); now += 600_000) {
    const due: string | undefined = dueNight(now, 2 * 60 + 50, last);
    if (due === undefined) continue;
    expect(quietFor(now)).toBe(0);
    nights += 1;
    last = due;
  }
  expect(nights).toBe(365);
});

test('the sender’s hours last until half past midnight, and from three to four', () => {
  expect(quietFor(Date.parse('2026-11-24T20:30:00Z'))).toBe(3 * 3_600_000);
  expect(quietFor(Date.parse('2026-11-24T02:15:00Z'))).toBe(45 * 60_000);
  expect(quietFor(Date.parse('2026-11-24T03:00:00Z'))).toBe(0);
  for (const at of ['03:30', '22:00', '00:15', '4:30', '25:00']) {
    expect(() => readSenderSettings({ RECONCILE_AT: at })).toThrow('RECONCILE_AT');
  }
  expect(readSenderSettings({ RECONCILE_AT: 'off' }).reconcileAt).toBeUndefined();
  expect(readSenderSettings({}).reconcileAt).toBe('04:30');
});

test('a night that stays broken until the next one is told of before that one begins', async () => {
  const desk = await opened();
  desk.itemSteps = 1;
  await keepNight(desk.chain, AT);
  const [first] = desk.queue.splice(0);
  await workOn(first, desk.chain);
  desk.queue.splice(0);
  desk.clock.moveTo(desk.clock.now() + DAY);
  const dying = {
    ...desk.chain,
    tell: async () => {
      throw new Error('killed');
    },
  };
  await expect(keepNight(dying, AT)).rejects.toThrow('killed');
  expect((await desk.store.read())?.night).toBe('2026-11-24');
  expect(await keepNight(desk.chain, AT)).toBe(true);
  expect(desk.told).toMatchObject([{ id: 'night-2026-11-24', stopped: 'not-finished' }]);
  expect(desk.queue).toEqual([{ v: 1, run: 'night-2026-11-25', item: 1 }]);
});
