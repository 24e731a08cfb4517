// Snapshots never go at the expense of live notifications.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGate } from '../../src/dataverse/gate.ts';
import { deliverSnapshot, restingAfterThrottling } from '../../src/delivery/snapshot-worker.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { writeSnapshot } from '../../src/rdv-solidarites/snapshot.ts';
import { toUtcInstant } from '../../src/rdv-solidarites/times.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const message = () => {
  const body = writeSnapshot(
    { event: 'snapshot', model: 'User', data: { id: 12, last_name: 'Usager-Test' } },
    toUtcInstant(0),
  );
  return { v: 1, kind: 'snapshot', notificationId: 'night-1.usager-12', receivedAt: 5000, content: contentOf(body) };
};

/** A worker whose clock goes on while it sleeps, and the waits that it made. */
function worker(oldestLive: (now: number) => number | undefined) {
  let now = Date.parse('2026-11-24T04:30:00Z');
  const slept: number[] = [];
  const means = {
    worker: { ...bench.worker, now: () => now },
    oldestLive: async () => oldestLive(now),
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
  return { means, slept };
}
const log = () => undefined;
const contacts = () => bench.dataverse.rows.list('contact').length;

test('while a live notification waits for more than 30 s it waits, then goes back without an attempt', async () => {
  const { means, slept } = worker((now) => now - 31_000);
  await deliverSnapshot(message(), means, log);
  expect([contacts(), slept.length]).toEqual([0, 6]);
  expect(bench.putBack).toEqual([{ envelope: message(), delayMs: 60_000 }]);
});

test('it begins as soon as they are done', async () => {
  const longAgo = Date.parse('2026-11-24T04:29:00Z');
  const { means, slept } = worker((now) => (now < Date.parse('2026-11-24T04:30:12Z') ? longAgo : undefined));
  await deliverSnapshot(message(), means, log);
  expect([contacts(), slept.length]).toEqual([1, 3]);
});

test('after any 429 its way rests for a minute, and longer where Dataverse asks for it', async () => {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const clock = { now: () => now, sleep };
  const gate = restingAfterThrottling(createGate(1, clock));
  for (const [retryAfterMs, rest] of [
    [1_000, 60_000],
    [90_000, 90_000],
  ] as const) {
    const before = now;
    gate.tell({ kind: 'transient', code: 'throttled', status: 429, retryAfterMs });
    await gate.begin();
    await gate.pass(async () => undefined);
    expect(now - before).toBe(rest);
  }
});
