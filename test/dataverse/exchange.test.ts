// Exchanges shared: what waits for a place goes together, and each gets what it would have got alone.
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { openCalls } from '../../src/dataverse/calls.ts';
import { type Bench, type BenchOptions, NO_MEMORY, startBench, stateOf } from '../delivery/bench.ts';

async function open(options: BenchOptions): Promise<Bench> {
  const bench = await startBench(options);
  onTestFinished(() => bench.stop());
  return bench;
}

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();

function rdvOf(id: number, changes: Parameters<typeof makeRdv>[0] = {}): string {
  const user = makeUser({ id: 1000 + id });
  const data = makeRdv({ id, participations: [makeParticipation({ id: 5000 + id, user })], ...changes });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at() }));
}

const ONE_PLACE = { DATAVERSE_CONCURRENCY: '1' };
const IDS = [1, 2, 3, 4, 5, 6, 7, 8];

const done = (bench: Bench) => bench.events.filter(({ event }) => event === 'notification.done');
const outcomes = (bench: Bench) => done(bench).map(({ outcome }) => outcome);

describe('while every place is taken', () => {
  test('what waits goes together, and ends as it would alone', async () => {
    const bodies = IDS.map((id) => rdvOf(id));
    const alone = await open({ memory: NO_MEMORY });
    for (const body of bodies) await alone.deliver(body);
    const shared = await open({ settings: ONE_PLACE, memory: NO_MEMORY });
    const requests = await shared.requestsOf(() => Promise.all(bodies.map((body) => shared.deliver(body))));
    expect(stateOf(shared.dataverse)).toEqual(stateOf(alone.dataverse));
    expect(outcomes(shared)).toEqual(IDS.map(() => 'applied'));
    expect(requests).toBeLessThanOrEqual(IDS.length + 2);
    expect(done(shared).map(({ requests }) => requests)).toEqual(IDS.map(() => 2));
  });

  test('a backlog costs half a request a notification, or less', async () => {
    const bench = await open({ settings: { DATAVERSE_CONCURRENCY: '4' } });
    const bodies = Array.from({ length: 200 }, (_, at) => rdvOf(at + 1));
    const deliverAll = async () => {
      for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) await bench.deliver(body);
    };
    const requests = await bench.requestsOf(() => Promise.all(Array.from({ length: 48 }, deliverAll)));
    expect(outcomes(bench)).toEqual(Array.from({ length: 200 }, () => 'applied'));
    expect(requests / 200).toBeLessThanOrEqual(0.5);
  });

  test.each([
    'flat',
    'nested',
    'nested-content-id',
  ] as const)('a change set that is refused, answered %s, takes no other with it', async (failedChangeSet) => {
    const bench = await open({ settings: ONE_PLACE, dataverse: { failedChangeSet } });
    for (const id of IDS) await bench.deliver(rdvOf(id));
    // The memory of the first is old by now for one RDV.
    await bench.colleague().deliver(rdvOf(3, { starts_at: '2026-12-01 09:00:00 +0100' }));
    bench.events.length = 0;
    // People first seen are read: their queries travel between the change sets that memory decided.
    const bodies = [
      ...IDS.map((id) => rdvOf(100 + id)),
      ...IDS.map((id) => rdvOf(id, { starts_at: '2026-12-02 09:00:00 +0100' })),
    ];
    const requests = await bench.requestsOf(() => Promise.all(bodies.map((body) => bench.deliver(body))));
    const conflicts = done(bench).filter(({ conflicts }) => conflicts !== 0);
    expect(conflicts.map(({ conflicts }) => conflicts)).toEqual([1]);
    expect(outcomes(bench)).toEqual(bodies.map(() => 'applied'));
    expect(bench.putBack).toEqual([]);
    expect(bench.dataverse.rows.list('appointment')).toHaveLength(2 * IDS.length);
    expect(requests).toBeLessThanOrEqual(IDS.length + 4);
  });

  test('an answer that nobody can read is asked for again in halves, and only alone may one be blamed', async () => {
    const bench = await open({ settings: ONE_PLACE, memory: NO_MEMORY });
    await bench.deliver(rdvOf(3));
    const { rows } = bench.dataverse;
    for (const { contactid } of rows.list('contact')) {
      rows.update('contact', String(contactid), { address1_line2: '--changesetresponse_' });
    }
    bench.events.length = 0;
    const bodies = IDS.map((id) => rdvOf(id, { starts_at: '2026-12-02 09:00:00 +0100' }));
    await Promise.all(bodies.map((body) => bench.deliver(body)));
    expect(outcomes(bench)).toEqual(IDS.map(() => 'applied'));
    expect(done(bench).map(({ attempt }) => attempt)).toEqual(IDS.map(() => 0));
    expect(bench.putBack).toEqual([]);
  });
});

test('two change sets about one row never travel in one batch', async () => {
  const bench = await open({ settings: ONE_PLACE });
  for (const id of IDS) await bench.deliver(rdvOf(id));
  const ids = bench.dataverse.rows.list('contact').map(({ contactid }) => String(contactid));
  const calls = openCalls(bench.worker.dataverse);
  const contacts = { collection: 'contacts', select: ['contactid'], top: 1 };
  const write = (key: string, at: number) => {
    const data = { address1_line2: `Escalier ${at}` };
    return calls.send([(api, contentId) => api.update({ collection: 'contacts', key, data, contentId })], [key]);
  };
  const writeAll = (keys: readonly string[]) =>
    bench.requestsOf(() =>
      Promise.all(keys.flatMap((key, at) => [write(key, at), calls.send([(api) => api.retrieveMultiple(contacts)])])),
    );
  expect(await writeAll(ids)).toBeLessThan(ids.length);
  expect(await writeAll(ids.map(() => String(ids[0])))).toBeGreaterThanOrEqual(ids.length);
});

test('after a deadline the members go again in halves, and none of them fails', async () => {
  const bench = await open({ settings: ONE_PLACE });
  const contacts = { collection: 'contacts', select: ['contactid'], top: 1 };
  const ask = () =>
    openCalls({ ...bench.worker.dataverse, timeoutMs: 3_300 }).send([(api) => api.retrieveMultiple(contacts)]);
  bench.dataverse.faults.add({ kind: 'stall', times: 1 });
  const asked = Promise.all(IDS.map(ask));
  // Eight fit into a quarter of the time limit, as long as nothing is known of an operation: nobody answers, then four and four.
  expect(await bench.requestsOf(() => asked)).toBe(3);
});

test('what was given up is not sent any more', async () => {
  const bench = await open({ settings: ONE_PLACE });
  const contacts = { collection: 'contacts', select: ['contactid'], top: 1 };
  const ask = (signal?: AbortSignal) =>
    openCalls(bench.worker.dataverse, signal).send([(api) => api.retrieveMultiple(contacts)]);
  const givenUp = new AbortController();
  const requests = await bench.requestsOf(async () => {
    const first = ask();
    const second = ask(givenUp.signal);
    givenUp.abort();
    await Promise.all([first, expect(second).rejects.toBe(givenUp.signal.reason)]);
  });
  expect(requests).toBe(1);
});

test('with a place for each, each leaves at once and alone', async () => {
  const bench = await open({ settings: { DATAVERSE_CONCURRENCY: '8' } });
  const bodies = IDS.map((id) => rdvOf(id));
  const requests = await bench.requestsOf(() => Promise.all(bodies.map((body) => bench.deliver(body))));
  expect(requests).toBe(2 * IDS.length);
});
