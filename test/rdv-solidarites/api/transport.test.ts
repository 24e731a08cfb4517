// The road to the sender: paced, one request at a time, reads repeated, nothing believed that is not JSON.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { READER, type Sender as StandIn, startSender } from '../../../local/rdv-solidarites/sender/start-sender.ts';
import { openPace } from '../../../src/rdv-solidarites/api/pace.ts';
import { openSender } from '../../../src/rdv-solidarites/api/sender.ts';
import { openTransport, type SignIn } from '../../../src/rdv-solidarites/api/transport.ts';
import { virtualClock } from './virtual-clock.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startSender();
});
afterAll(() => standIn.stop());
afterEach(() => {
  standIn.clearFaults();
  standIn.requests.clear();
});

function open(options: { timeoutMs?: number; signIn?: SignIn; url?: string } = {}) {
  const clock = virtualClock();
  const signIn = {
    headers: async () => ({ authorization: `Bearer ${standIn.tokenFor(READER)}` }),
    renew: async () => false,
  };
  const transport = openTransport({ url: standIn.url, signIn, timeoutMs: 2000, perMinute: 40, clock, ...options });
  return { clock, transport, sender: openSender(transport) };
}

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error) => error.failure,
  );
const get = { method: 'GET', path: 'organisations' } as const;

describe('requests', () => {
  test('leave one at a time, 40 a minute, however many are asked for at once', async () => {
    const { transport, clock } = open();
    await Promise.all(Array.from({ length: 5 }, () => transport.send(get)));
    expect(clock.now()).toBe(4 * 1500);
    expect(standIn.requests.records).toHaveLength(5);
  });

  test('go on at the pace of a predecessor', async () => {
    const clock = virtualClock();
    const first = openPace({ perMinute: 40, clock });
    await first.turn();
    const second = openPace({ perMinute: 40, clock, nextAt: first.nextAt });
    await second.turn();
    expect(clock.now()).toBe(1500);
  });

  test('carry the date of the answer before, by the clock of the sender', async () => {
    const { transport } = open();
    const first = await transport.send(get);
    const second = await transport.send(get);
    expect(first).toMatchObject({ asOf: undefined, date: expect.any(Number) });
    expect(second.asOf).toBe(first.date);
  });
});

describe('a read', () => {
  test.each(['302', '500', 'cut'] as const)('is repeated after %s', async (kind) => {
    standIn.addFault({ kind, times: 2 });
    const { transport, clock } = open();
    expect((await transport.send(get)).status).toBe(200);
    expect(clock.now()).toBeGreaterThanOrEqual(3000);
  });

  test('waits as long as a 429 asks', async () => {
    standIn.addFault({ kind: '429', retryAfter: 50 });
    const { transport, clock } = open();
    await transport.send(get);
    expect(clock.now()).toBe(50_000);
  });

  test('is given up after five more tries', async () => {
    standIn.addFault({ kind: '500', times: -1 });
    expect(await failureOf(open().transport.send(get))).toMatchObject({ kind: 'unavailable', code: 'http-500' });
    expect(standIn.requests.records).toHaveLength(6);
  });

  test('takes no page of a gateway for an answer', async () => {
    standIn.addFault({ kind: 'html' });
    expect(await failureOf(open().transport.send(get))).toMatchObject({ kind: 'unavailable', code: 'not-json' });
  });

  test('ends by its time', async () => {
    standIn.addFault({ kind: 'stall', ms: 60_000, times: -1 });
    expect(await failureOf(open({ timeoutMs: 50 }).transport.send(get))).toMatchObject({ code: 'time-out' });
  });
});

test('a write is never repeated, because it may have been done', async () => {
  standIn.addFault({ kind: '500', times: -1 });
  const write = { method: 'POST', path: 'organisations/1/webhook_endpoints', body: {} } as const;
  expect(await failureOf(open().transport.send(write))).toMatchObject({ kind: 'unavailable' });
  expect(standIn.requests.records).toHaveLength(1);
});

test('a token that is refused is renewed once', async () => {
  const tokens = ['refused', standIn.tokenFor(READER)];
  const signIn = {
    headers: async () => ({ authorization: `Bearer ${tokens[0]}` }),
    renew: async () => tokens.shift() !== undefined,
  };
  expect((await open({ signIn }).transport.send(get)).status).toBe(200);
  const never = { headers: async () => ({ authorization: 'Bearer refused' }), renew: async () => true };
  expect(await failureOf(open({ signIn: never }).transport.send(get))).toMatchObject({ kind: 'consent', status: 401 });
});

test('a failure holds no address and no value', async () => {
  const closed = open({ url: 'http://127.0.0.1:9' });
  const error = await closed.sender.readUsager(12).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringMatching(/^RDV-Solidarités: unavailable, [A-Z_a-z]+$/) });
  expect(error).not.toHaveProperty('cause');
});
