// What becomes of one message, beyond the order of snapshots.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const userBody = (data: object) => senderJson(makeNotification({ model: 'User', event: 'updated', data, at: at() }));
const rdvBody = (data: object) => senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at() }));
const last = (one: Bench, name: string) => one.events.filter(({ event }) => event === name).at(-1);
const appointments = (one: Bench) => one.dataverse.rows.list('appointment');

describe('a notification', () => {
  test.each([
    '--changesetresponse_x',
    '--batchresponse_x',
  ])('may hold %s, which the client takes for a delimiter', async (mark) => {
    await bench.deliver(userBody(makeUser({ id: 12, first_name: `Prénom ${mark}` })));
    expect(last(bench, 'notification.done')).toMatchObject({ outcome: 'applied' });
    const participations = [makeParticipation({ user: makeUser({ id: 12, first_name: mark }) })];
    await bench.colleague().deliver(rdvBody(makeRdv({ id: 71, participations })));
    expect(bench.putBack).toEqual([]);
  });

  test('of a model that changes nothing is ignored, well formed or not, with its reason', async () => {
    for (const data of [{ id: 1 }, { id: 'x' }, { id: 1, agent: null, start_time: '08:00' }]) {
      await bench.deliver(
        JSON.stringify({ data, meta: { model: 'Lieu', event: 'updated', timestamp: '2026-11-24 10:00:00 +0100' } }),
      );
      expect(last(bench, 'notification.done')).toMatchObject({
        outcome: 'ignored',
        reasons: ['model-not-handled'],
        ignored: 1,
      });
    }
    expect(bench.quarantined.size).toBe(0);
  });

  test('of an RDV without motif still gets a subject', async () => {
    await bench.deliver(rdvBody({ ...makeRdv({ id: 72 }), motif: null }));
    expect(appointments(bench).find((row) => row['rdvs_rdvid'] === '72')).toMatchObject({ subject: 'RDV' });
  });

  test('that names its usager as its own responsible points to nobody', async () => {
    const user = makeUser({ id: 14 });
    await bench.deliver(userBody({ ...user, responsible: user, responsible_id: 14 }));
    const contact = bench.dataverse.rows
      .list('contact')
      .find((row) => row['emailaddress1'] === 'usager-14@example.org');
    expect(contact).toMatchObject({ lastname: 'Usager-Test' });
    expect(contact?.['_rdvs_responsible_value'] ?? null).toBeNull();
  });
});

describe('a departure', () => {
  test('asks who shares the contact in its first request, and empties it with the last of them', async () => {
    const sharing = await startBench({ settings: { ON_USAGER_REMOVED: 'anonymise' } });
    const profile = (id: number, event: 'created' | 'destroyed') =>
      senderJson(
        makeNotification({
          model: 'UserProfile',
          event,
          data: { organisation: makeOrganisation(), user: makeUser({ id, email: 'famille-test@example.org' }) },
          at: at(),
        }),
      );
    try {
      await sharing.deliver(profile(16, 'created'));
      await sharing.deliver(profile(17, 'created'));
      const { rows } = sharing.dataverse;
      const links = new Map(rows.list('rdvs_link').map((row) => [row['rdvs_name'], row]));
      const contact = links.get('usager-16')?.['_rdvs_contact_value'];
      rows.update('rdvs_link', String(links.get('usager-17')?.['rdvs_linkid']), {
        _rdvs_contact_value: String(contact),
      });
      const shared = () => rows.get('contact', String(contact));
      expect(await sharing.requestsOf(() => sharing.colleague().deliver(profile(16, 'destroyed')))).toBe(2);
      expect(shared()).toMatchObject({ lastname: 'Usager-Test', emailaddress1: 'famille-test@example.org' });
      expect(await sharing.requestsOf(() => sharing.colleague().deliver(profile(17, 'destroyed')))).toBe(2);
      expect(shared()).toMatchObject({ lastname: 'Usager supprimé' });
      expect(shared()?.['emailaddress1'] ?? null).toBeNull();
    } finally {
      await sharing.stop();
    }
  });
});

test('in a pause of minutes a message waits, then goes back without a request, and is applied at the end', async () => {
  const clock = { time: Date.now() };
  const gate = createGate(1, {
    now: () => clock.time,
    sleep: async (ms) => {
      clock.time += ms;
    },
  });
  const other = bench.colleague();
  const worker = { ...other.worker, dataverse: { ...other.worker.dataverse, gate }, now: () => clock.time };
  const [startedAt, text] = [clock.time, userBody(makeUser({ id: 16 }))];
  const envelope = { v: 1, notificationId: 'n-16', receivedAt: startedAt, content: contentOf(Buffer.from(text)) };
  const steps: unknown[] = [];
  const attempt = () =>
    other.requestsOf(() =>
      deliver(envelope, worker, (_, event, fields) => {
        const { delayMs } = fields as { delayMs: number };
        if (event === 'notification.retried') steps.push([event, (clock.time - startedAt) / 1000, delayMs / 1000]);
        else steps.push([event, (clock.time - startedAt) / 1000]);
      }),
    );

  other.dataverse.faults.add({ kind: '429', times: 1, retryAfter: 200 });
  expect([await attempt(), await attempt()]).toEqual([1, 0]);
  clock.time = startedAt + 120_000;
  expect(await attempt()).toBe(2);
  expect(steps).toEqual([
    ['notification.retried', 0, 220],
    ['notification.retried', 45, 170.5],
    ['notification.done', 200],
  ]);
});

describe('settings that do not fit Dynamics', () => {
  test('a team that does not exist is named in an error, and the notification waits', async () => {
    const settings = { DEFAULT_OWNER_TEAM: '00000000-0000-4000-8000-00000000dead' };
    const misled = await startBench({ settings });
    try {
      await misled.deliver(userBody(makeUser({ id: 15 })));
      expect(misled.putBack).toHaveLength(1);
      expect(last(misled, 'dataverse.misconfigured')).toMatchObject({
        level: 'error',
        missing: 'a team of OWNER_TEAMS or DEFAULT_OWNER_TEAM',
      });
    } finally {
      await misled.stop();
    }
  });
});
