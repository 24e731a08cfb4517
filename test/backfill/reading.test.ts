// What a backfill reads: every record once, at few requests, however the lists are ordered and wherever it goes on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  manualClock,
  READER,
  type Sender as StandIn,
  startSender,
} from '../../local/rdv-solidarites/sender/start-sender.ts';
import type { Batch, ReadWith } from '../../src/backfill/batches.ts';
import type { Place } from '../../src/backfill/progress.ts';
import { readList } from '../../src/backfill/read-list.ts';
import { readRdvs } from '../../src/backfill/read-rdvs.ts';
import { openSender } from '../../src/rdv-solidarites/api/sender.ts';
import { openTransport } from '../../src/rdv-solidarites/api/transport.ts';
import { recordName } from '../../src/rdv-solidarites/snapshot.ts';
import { virtualClock } from '../rdv-solidarites/api/virtual-clock.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');

let standIn: StandIn;
let organisation: number;
let means: ReadWith;
beforeAll(async () => {
  const size = { organisations: 1, agents: 2, usagers: 330, rdvs: 3000 };
  standIn = await startSender({ size, clock: manualClock(NOW) });
  organisation = [...standIn.store.organisations.values()][0]?.id ?? 0;
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  const signIn = {
    headers: async () => ({ authorization: `Bearer ${standIn.tokenFor(READER)}` }),
    renew: async () => false,
  };
  const transport = { url: standIn.url, signIn, timeoutMs: 5000, perMinute: 600, clock: virtualClock() };
  means = { sender: openSender(openTransport(transport)), now: () => NOW, stopping: () => false };
  await means.sender.readMe();
  standIn.requests.clear();
});

async function all(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}
const names = (batches: readonly Batch[]) =>
  batches.flatMap(({ readings }) => readings.map(({ record }) => recordName(record)));
const rdvs = () => [...standIn.store.rdvs.values()].map(({ id }) => `rdv-${id}`).toSorted();

describe('RDV', () => {
  const read = (place: Place = {}) => readRdvs({ organisation, expected: 3000 }, place, means);

  test('cost a request for every fifty, each dated before it was asked for', async () => {
    const batches = await all(read());
    expect(names(batches).toSorted()).toEqual(rdvs());
    expect(standIn.requests.records.length).toBeLessThan(3000 / 50 + 15);
    expect(batches[0]?.readings[0]?.version).toBe('2026-11-24T08:59:58.000000Z');
  });

  test('go on after any batch, with nothing left out and nothing twice', async () => {
    const found: string[] = [];
    for (let place: Place | undefined = {}; place !== undefined; ) {
      const batches = read(place);
      const { value, done } = await batches.next();
      await batches.return(undefined);
      if (done === true) break;
      found.push(...names([value]));
      place = value.readings.length === 0 ? undefined : value.next;
    }
    expect(found.toSorted()).toEqual(rdvs());
  });

  test('--since leaves out what began before', async () => {
    const batches = await all(readRdvs({ organisation, expected: 3000, since: NOW }, {}, means));
    const later = [...standIn.store.rdvs.values()].filter(({ starts_at }) => starts_at >= NOW);
    expect(names(batches)).toHaveLength(later.length);
  });
});

test('usagers in an order that changes are read again, each sent once, and the rest is told', async () => {
  const batches = await all(readList({ kind: 'usagers', organisation }, {}, means));
  const found = names(batches);
  expect(new Set(found).size).toBe(found.length);
  const unseen = batches.reduce((sum, { unseen = 0 }) => sum + unseen, 0);
  expect(found.length + unseen).toBe(standIn.store.profiles.size);
  expect(standIn.requests.records.length).toBeGreaterThan(8);
});

test('nothing is sent of an answer by a clock far from ours', async () => {
  means = { ...means, now: () => NOW + 120_000 };
  await expect(all(readList({ kind: 'absences', organisation: undefined }, {}, means))).rejects.toThrow('clocks-apart');
});
