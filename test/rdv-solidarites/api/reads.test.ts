// What is read from the sender: every record once, in whatever order its lists come, and nothing concluded wrongly.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  INSTALLER,
  manualClock,
  READER,
  type Sender as StandIn,
  startSender,
} from '../../../local/rdv-solidarites/sender/start-sender.ts';
import type { Page, Received } from '../../../src/rdv-solidarites/api/pages.ts';
import { openSender } from '../../../src/rdv-solidarites/api/sender.ts';
import { openTransport } from '../../../src/rdv-solidarites/api/transport.ts';
import { virtualClock } from './virtual-clock.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const SIZE = { organisations: 2, agents: 4, usagers: 260, rdvs: 700 };
const DAY = 86_400_000;

let standIn: StandIn;
let organisation: number;
let other: number;
beforeAll(async () => {
  standIn = await startSender({ size: SIZE, clock: manualClock(NOW) });
  const [first, second] = standIn.store.organisations.values();
  organisation = first?.id ?? 0;
  other = second?.id ?? 0;
});
afterAll(() => standIn.stop());
const addresses: string[] = [];
afterEach(() => {
  addresses.push(...standIn.requests.records.map(({ path }) => path));
});
beforeEach(() => {
  standIn.clearFaults();
  standIn.requests.clear();
});

const open = (agent = READER, url = standIn.url) => {
  const signIn = {
    headers: async () => ({ authorization: `Bearer ${standIn.tokenFor(agent)}` }),
    renew: async () => false,
  };
  return openSender(openTransport({ url, signIn, timeoutMs: 5000, perMinute: 600, clock: virtualClock() }));
};

async function all<T, P extends Page<T>>(pages: AsyncIterable<P>): Promise<P[]> {
  const found: P[] = [];
  for await (const page of pages) found.push(page);
  return found;
}
const records = <T>(pages: readonly Page<T>[]): Received<T>[] => pages.flatMap((page) => page.records);
const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);
const rdvIds = (of: number) => sorted(standIn.store.rdvs.where('organisation_id', of).map(({ id }) => id));

describe('RDV', () => {
  const window = () => ({ organisation, from: NOW - 730 * DAY, to: NOW + 365 * DAY });

  test('are read by windows that one page holds, each RDV once', async () => {
    const pages = await all(open().readRdvs(window()));
    expect(sorted(records(pages).map(({ id }) => id))).toEqual(rdvIds(organisation));
    expect(pages.every(({ totalPages }) => totalPages <= 1)).toBe(true);
    expect(standIn.requests.records.some(({ path }) => /page=[^1]/.test(path))).toBe(false);
  });

  test('fit the schema of notifications, and keep the JSON of the sender', async () => {
    const [first] = records(await all(open().readRdvs(window())));
    expect(first?.value).toMatchObject({ id: first?.id, organisation: { id: organisation } });
    expect(first?.body['starts_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$/);
  });

  test('that begin at the same moment, more than a page, are read by turning pages', async () => {
    const at = NOW + 300 * DAY;
    const [model] = standIn.store.rdvs.where('organisation_id', organisation);
    if (model === undefined) throw new Error('no RDV');
    const made = Array.from({ length: 150 }, () => ({ ...model, id: standIn.store.nextId(), starts_at: at }));
    for (const row of made) standIn.store.rdvs.put(row);
    const pages = await all(open().readRdvs({ organisation, from: at - 1000, to: at + 1000 }));
    for (const { id } of made) standIn.store.rdvs.remove(id);
    expect(new Set(records(pages).map(({ id }) => id)).size).toBe(150);
  });

  test('of a window that the sender would misread are not asked for', async () => {
    for (const [from, to] of [
      [Number.NaN, NOW],
      [NOW, NOW - 1000],
      [NOW, 1e18],
    ] as const) {
      await expect(all(open().readRdvs({ organisation, from, to }))).rejects.toThrow(RangeError);
    }
    expect(standIn.requests.records).toEqual([]);
  });

  test('of two agents come once, although the sender of 2024 repeats them', async () => {
    const old = await startSender({ size: SIZE, profile: '2024', clock: manualClock(NOW) });
    const signIn = {
      headers: async () => ({ authorization: `Bearer ${old.tokenFor(READER)}` }),
      renew: async () => false,
    };
    const transport = openTransport({ url: old.url, signIn, timeoutMs: 5000, perMinute: 600, clock: virtualClock() });
    const sender = openSender(transport);
    const ids = records(await all(sender.readRdvs(window()))).map(({ id }) => id);
    expect(await sender.readMe()).toBeUndefined();
    await old.stop();
    expect(new Set(ids).size).toBe(ids.length);
    expect(sorted(ids)).toEqual(sorted(old.store.rdvs.where('organisation_id', organisation).map(({ id }) => id)));
  });

  test('are found by id, or gone where another one is shown', async () => {
    const [id, witness = 0] = rdvIds(organisation);
    expect(await open().readRdv(id ?? 0)).toMatchObject({ kind: 'found', record: { id } });
    expect(await open().readRdv(id ?? 0, witness)).toMatchObject({ kind: 'found', record: { id } });
    expect(await open().readRdv(999_999, witness)).toMatchObject({ kind: 'gone' });
    expect(await open().readRdv(999_999, 999_998)).toMatchObject({ kind: 'outside' });
    expect(await open().readRdv(999_999)).toMatchObject({ kind: 'outside' });
  });
});

describe('usagers', () => {
  test('come page by page, each once, with the date of the answer before', async () => {
    const sender = open();
    await sender.readMe();
    const pages = await all(sender.readUsagers({ organisation }));
    const ids = records(pages).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pages.every(({ asOf }) => asOf === NOW)).toBe(true);
    expect(pages.length).toBe(pages[0]?.totalPages);
  });

  test('that a changing order hid are asked for by id', async () => {
    const known = standIn.store.profiles.where('organisation_id', organisation).map(({ user_id }) => user_id);
    const asked = known.slice(0, 100);
    const page = await open().readUsagersById(asked);
    expect(sorted(page.records.map(({ id }) => id))).toEqual(sorted(asked));
  });

  test('deleted everywhere are told from those of other organisations', async () => {
    const mine = standIn.store.profiles.where('organisation_id', organisation)[0]?.user_id ?? 0;
    expect(await open().readUsager(mine)).toMatchObject({ kind: 'found', record: { id: mine } });
    expect(await open(INSTALLER).readUsager(mine)).toMatchObject({ kind: 'outside' });
    expect(await open().readUsager(999_999)).toMatchObject({ kind: 'gone' });
  });

  test('whose page comes from a gateway are not gone', async () => {
    standIn.addFault({ kind: 'html', times: -1 });
    await expect(open().readUsager(1)).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
  });
});

test('organisations are those where the account has a role', async () => {
  const ids = async (agent: number) => records(await all(open(agent).readOrganisations())).map(({ id }) => id);
  expect(await ids(READER)).toEqual([organisation, other]);
  expect(await ids(INSTALLER)).toEqual([]);
});

test('agents, motifs and absences are read and counted', async () => {
  const sender = open();
  expect(records(await all(sender.readAgents({ organisation }))).length).toBeGreaterThan(0);
  expect(records(await all(sender.readMotifs({ organisation }))).every(({ value }) => value?.service_id)).toBe(true);
  const absences = records(await all(sender.readAbsences()));
  expect(absences.length).toBe(standIn.store.absences.size);
  const [first] = absences;
  expect(await sender.readAbsence(first?.id ?? 0)).toMatchObject({
    kind: 'found',
    record: { value: { id: first?.id } },
  });
  expect(await sender.readAbsence(999_999)).toMatchObject({ kind: 'gone' });
  expect(await sender.count('rdvs', organisation)).toBe(rdvIds(organisation).length);
});

test('no address holds anything but ids, dates and pages', () => {
  expect(addresses.length).toBeGreaterThan(20);
  for (const address of addresses) {
    expect(address).toMatch(
      /^\/api\/v1\/[a-z_/0-9]+(\?(?:(?:page|ids?%5B%5D|organisation_id)=\d+|starts_\w+=[\dTZ%A-]+|&)*)?$/,
    );
  }
});
