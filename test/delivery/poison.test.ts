// What somebody typed in Dynamics, or signed, that the client library cannot take: it stops neither the way nor others.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { Envelope } from '../../src/intake/envelope.ts';
import { type Bench, clear, startBench } from './bench.ts';

let home: Bench;
let bench: Bench;
beforeAll(async () => {
  home = await startBench();
});
afterAll(() => home.stop());
beforeEach(() => {
  clear(home.dataverse);
  bench = home.colleague();
});

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const userBody = (data: object) => senderJson(makeNotification({ model: 'User', event: 'updated', data, at: at() }));
const rdvBody = (data: object) => senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at() }));
const events = (name: string) => bench.events.filter(({ event }) => event === name);
const contacts = () => bench.dataverse.rows.list('contact');

/** A contact of usager 12 in which somebody typed the text, and which nobody remembers. */
async function typed(column: string, text: string): Promise<void> {
  await bench.deliver(userBody(makeUser({ id: 12 })));
  bench.dataverse.rows.update('contact', String(contacts()[0]?.['contactid']), { [column]: text });
  bench = home.colleague();
}

describe('a mark that the client takes for the end of an answer, typed in Dynamics', () => {
  test.each([
    ['--changesetresponse_', 'address1_line2'],
    ['--batchresponse_', 'address1_city'],
  ])('%j stops nobody: the row is read again alone, and written', async (mark, column) => {
    await typed(column, mark);
    await bench.deliver(userBody(makeUser({ id: 12, first_name: 'Autre' })));
    expect(events('notification.retried')).toEqual([]);
    expect(contacts()).toMatchObject([{ firstname: 'Autre', [column]: mark }]);
  });

  test('does not keep an RDV from its other participants', async () => {
    await typed('address1_line2', '--changesetresponse_');
    const people = Array.from({ length: 20 }, (_, index) => makeParticipation({ user: makeUser({ id: 12 + index }) }));
    await bench.deliver(rdvBody(makeRdv({ id: 71, participations: people })));
    expect(events('notification.retried')).toEqual([]);
    expect(contacts()).toHaveLength(20);
  });
});

describe('an answer that cannot be read at all', () => {
  test('ends in quarantine after five attempts, and the way stays open meanwhile', async () => {
    await typed('address1_line2', '--changesetresponse_ --batchresponse_');
    await bench.deliver(userBody(makeUser({ id: 12, first_name: 'Autre' })));
    await bench.deliver(userBody(makeUser({ id: 13 })));
    expect(events('notification.done')).toMatchObject([{ outcome: 'applied' }]);
    for (let next = bench.putBack.shift(); next !== undefined; next = bench.putBack.shift()) await again(next.envelope);
    expect(events('notification.retried').map(({ code }) => code)).toEqual(Array(4).fill('unreadable-answer'));
    expect([...bench.quarantined.values()]).toMatchObject([{ code: 'unreadable-answer', attempts: 4 }]);
  });

  test('does not count pauses of Dataverse as attempts', async () => {
    await typed('address1_line2', '--changesetresponse_ --batchresponse_');
    bench.dataverse.faults.add({ kind: '500-sql', times: 6 });
    await bench.deliver(userBody(makeUser({ id: 12, first_name: 'Autre' })));
    for (let next = bench.putBack.shift(); next !== undefined; next = bench.putBack.shift()) await again(next.envelope);
    expect([...bench.quarantined.values()]).toMatchObject([{ code: 'unreadable-answer', attempts: 10 }]);
  });
});

describe('a signed body', () => {
  test('whose texts end in half of a surrogate pair or hold control characters is applied', async () => {
    const user = makeUser({ id: 12, first_name: 'Prénom\u000b\ud800', email: 'usager\ud800@example.org' });
    const agents = [makeAgent({ email: 'agent\ud800@example.org' }), makeAgent({ id: 6, last_name: 'Agent\udc00' })];
    await bench.deliver(rdvBody(makeRdv({ id: 72, agents, participations: [makeParticipation({ user })] })));
    expect(events('notification.done')).toMatchObject([{ outcome: 'applied' }]);
    expect(contacts()).toMatchObject([{ firstname: 'Prénom\ufffd', emailaddress1: 'usager\ufffd@example.org' }]);
  });

  const long = (text: string) => text.repeat(Math.ceil(100_000 / text.length));
  test.each(
    [' ', '@', ',', '+33 ', '-', '[', '--changesetresponse', '/', "'", '\ud800', 'x'].map((one) => [one]),
  )('of long texts made of %j costs no more than its length', async (one) => {
    const text = `a${long(one)}b`;
    const user = makeUser({
      id: 12,
      ...{ first_name: text, last_name: text, birth_name: text, email: text, phone_number: text, address: text },
      ...{ phone_number_formatted: text, address_details: text, notes: text },
    });
    const rdv = makeRdv({
      id: 73,
      participations: [makeParticipation({ user })],
      agents: [makeAgent({ email: text })],
    });
    const dates = { cancelled_at: text, created_at: text, status: text, url_for_agents: text, name: text };
    const startedAt = performance.now();
    await bench.deliver(rdvBody({ ...rdv, ...dates }));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(events('notification.done')).toMatchObject([{ outcome: 'applied' }]);
  });
});

describe('a body dated after its own receipt', () => {
  const dated = (date: string, first_name: string) =>
    senderJson(makeNotification({ model: 'User', event: 'updated', data: makeUser({ id: 12, first_name }), at: date }));
  const RECEIPT = Date.parse('2026-11-24T10:00:00Z');

  test('counts as of its receipt, and later ones are applied over it', async () => {
    await bench.deliver(dated('2099-01-01T00:00:00Z', 'Demain'), RECEIPT);
    expect(contacts()).toMatchObject([{ firstname: 'Demain' }]);
    expect(events('notification.ahead')).toMatchObject([
      { model: 'User', aheadMs: Date.parse('2099-01-01T00:00:00Z') - RECEIPT },
    ]);
    await bench.deliver(dated('2026-11-24T09:59:00Z', 'Avant'), RECEIPT + 1000);
    expect(contacts()).toMatchObject([{ firstname: 'Demain' }]);
    await bench.deliver(dated('2026-11-24T10:00:02Z', 'Ensuite'), RECEIPT + 2000);
    expect(contacts()).toMatchObject([{ firstname: 'Ensuite' }]);
  });

  test('by five minutes at most is taken as dated', async () => {
    await bench.deliver(dated('2026-11-24T10:05:00Z', 'Avance'), RECEIPT);
    await bench.deliver(dated('2026-11-24T10:04:59Z', 'Autre'), RECEIPT + 1000);
    expect(contacts()).toMatchObject([{ firstname: 'Avance' }]);
    expect(events('notification.ahead')).toEqual([]);
  });
});

/** Delivers what was put back, at once. */
function again(envelope: Envelope): Promise<void> {
  return deliver(envelope, bench.worker, (level, event, fields) => void bench.events.push({ level, event, ...fields }));
}
