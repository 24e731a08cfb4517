// Outages, several processes and many failures at once: nothing is lost, nothing is sent twice, requests stay few.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';
import type { Fault } from '../../local/dataverse/src/http/faults.ts';
import { openDataverse } from '../../src/dataverse/access.ts';
import { whoAmI } from '../../src/dataverse/who-am-i.ts';
import { discardQuarantine, listQuarantine, quarantine } from '../../src/delivery/quarantine.ts';
import type { EventName, Level } from '../../src/log.ts';
import { openOnce } from '../../src/open-once.ts';
import { connectorRole } from '../../src/provision/roles.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { readDataverseSettings } from '../../src/settings.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { NOTIFICATIONS_QUEUE, QUARANTINE_CONTAINER } from '../../src/storage/names.ts';
import { showState } from '../../src/watch/connector-state.ts';
import { incidentId } from '../../src/watch/incident-rows.ts';
import { settleIncidents } from '../../src/watch/settle-incidents.ts';
import { CONNECTOR_TOKEN, startProvisioned } from '../dataverse/connector-user.ts';

const states = optionValues.rdvs_incident.rdvs_state;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let dataverse: DataverseEmulator;
let storage: Storage;
beforeAll(async () => {
  [azurite, dataverse] = await Promise.all([startAzurite(), startProvisioned()]);
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  await storage.queues.getQueueClient(NOTIFICATIONS_QUEUE).createIfNotExists();
});
afterAll(async () => {
  await Promise.all([azurite.stop(), dataverse.stop()]);
});
beforeEach(async () => {
  dataverse.faults.clear();
  await storage.queues.getQueueClient(NOTIFICATIONS_QUEUE).clearMessages();
  for (const { id } of await listQuarantine(storage)) await discardQuarantine(storage, id);
  for (const row of dataverse.rows.list('rdvs_incident')) {
    dataverse.rows.remove('rdvs_incident', String(row['rdvs_incidentid']));
  }
});

interface Circumstances {
  /** What befalls the n-th exchange with Dataverse. */
  readonly fault?: Fault;
  readonly at?: number;
  readonly now?: () => number;
  readonly state?: true;
}

/** One run of a process of its own; gives what it logged last. */
async function settle(circumstances: Circumstances = {}): Promise<Record<string, unknown>> {
  return (await watch(circumstances)).at(-1) ?? {};
}

/** The same, with all that it logged; shows the state too when asked. */
async function watch({ fault, at = 0, now = Date.now, state }: Circumstances): Promise<Record<string, unknown>[]> {
  const settings = { DATAVERSE_URL: dataverse.url, DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN };
  const { connection, ...access } = openDataverse(readDataverseSettings(settings));
  const events: Record<string, unknown>[] = [];
  let exchanges = 0;
  const settling = {
    dataverse: {
      ...access,
      connection: () => {
        exchanges += 1;
        if (fault !== undefined && exchanges === at) dataverse.faults.add(fault);
        return connection();
      },
    },
    storage,
    notify: false,
    self: openOnce(whoAmI),
    now,
    log: (level: Level, event: EventName, fields: object) => void events.push({ level, event, ...fields }),
  };
  await settleIncidents(settling);
  if (state === true) await showState(settling);
  return events;
}

const put = (notificationId: string, quarantinedAt = new Date()) =>
  quarantine(storage, notificationId, {
    code: 'invalid-data',
    reason: 'data.starts_at: expected string',
    quarantinedAt: quarantinedAt.toISOString(),
    attempts: 1,
    envelope: { v: 1, notificationId, receivedAt: quarantinedAt.getTime() },
    body: Buffer.from('{"data":{"id":77},"meta":{"model":"Rdv"}}').toString('base64'),
  });

const row = (notification: string) => dataverse.rows.get('rdvs_incident', incidentId(notification));
const choose = (notification: string, state: number) =>
  dataverse.rows.update('rdvs_incident', incidentId(notification), { rdvs_state: state });
const sent = async () =>
  (await storage.queues.getQueueClient(NOTIFICATIONS_QUEUE).getProperties()).approximateMessagesCount;
const later = () => Date.now() + 5 * 60_000;

const faults: readonly Fault[] = [{ kind: '503' }, { kind: 'reset' }, { kind: 'reset-after-commit' }];

describe.each(faults)('Dataverse $kind', (fault) => {
  // Read, who am I, take, finish; and one more that never comes.
  test.each([1, 2, 3, 4, 5])('at exchange %i of a replay: sent once, and said', async (at) => {
    await put('n-1');
    await settle();
    choose('n-1', states.replay);
    await settle({ fault, at });
    dataverse.faults.clear();
    await settle({ now: later });
    await settle({ now: later });
    expect(await sent()).toBe(1);
    expect(await listQuarantine(storage)).toEqual([]);
    expect(row('n-1')).toMatchObject({ rdvs_state: states.replayed, rdvs_endedon: expect.any(String) });
  });

  test.each([1, 2, 3])('at exchange %i of a discard: discarded, and kept', async (at) => {
    await put('n-2');
    await settle();
    choose('n-2', states.discard);
    await settle({ fault, at });
    dataverse.faults.clear();
    await settle();
    expect(row('n-2')).toMatchObject({ rdvs_state: states.discarded });
    expect(await listQuarantine(storage)).toMatchObject([{ id: 'n-2', discarded: true }]);
    expect(await sent()).toBe(0);
  });

  test.each([1, 2, 3, 4])('at exchange %i of a first showing: shown by the next run', async (at) => {
    await put('n-3');
    await settle({ fault, at });
    dataverse.faults.clear();
    await settle();
    expect(row('n-3')).toMatchObject({ rdvs_state: states.tosettle, rdvs_name: 'rdv-77' });
  });
});

describe('several processes', () => {
  test('take each choice once', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `n-${at}`);
    for (const id of ids) await put(id);
    await Promise.all([settle(), settle()]);
    for (const id of ids) choose(id, states.replay);
    await Promise.all([settle(), settle(), settle()]);
    expect(await sent()).toBe(20);
    await settle();
    expect(ids.map((id) => row(id)?.['rdvs_state'])).toEqual(ids.map(() => states.replayed));
  });

  test('one that ends before it sent what it took is followed by another, once it can no longer be at work', async () => {
    await put('n-1');
    await settle();
    choose('n-1', states.replay);
    let asked = 0;
    // The clock is asked for at the start, for the decision, and just before the notification is sent.
    const until = (times: number) => () => {
      asked += 1;
      if (asked > times) throw new Error('killed');
      return Date.now();
    };
    await expect(settle({ now: until(2) })).rejects.toThrow('killed');
    expect(row('n-1')).toMatchObject({ rdvs_state: states.replaying });
    await settle();
    expect(await sent()).toBe(0);
    await Promise.all([settle({ now: later }), settle({ now: later })]);
    expect(await sent()).toBe(1);
  });
});

test('a thousand at once: few requests, the newest first, the rest later', { timeout: 120_000 }, async () => {
  const begin = Date.parse('2026-11-24T08:00:00Z');
  const ids = Array.from({ length: 1000 }, (_, at) => `n-${at}`);
  for (let at = 0; at < ids.length; at += 20) {
    await Promise.all(ids.slice(at, at + 20).map((id, more) => put(id, new Date(begin + (at + more) * 1000))));
  }
  const runs = [];
  for (let run = 0; run < 4; run += 1) {
    runs.push(await settle());
    if (run === 0) expect(ids.filter((id) => row(id) !== undefined)).toEqual(ids.slice(-300));
  }
  expect(runs.map(({ shown, left }) => [shown, left])).toEqual([
    [300, 700],
    [300, 400],
    [300, 100],
    [100, 0],
  ]);
  for (const { requests } of runs) expect(requests).toBeLessThanOrEqual(6);
  for (const id of ids) choose(id, states.replay);
  expect(await settle()).toMatchObject({ replayed: 300, left: 700 });
  for (const { id } of await listQuarantine(storage)) await discardQuarantine(storage, id);
  for (let run = 0; run < 3; run += 1) expect(Number((await settle())['requests'])).toBeLessThanOrEqual(6);
  expect(dataverse.rows.list('rdvs_incident').filter((one) => one['rdvs_endedon'] === null)).toEqual([]);
});

const ofTheWatch = connectorRole.privileges.filter((name) => /rdvs_(incident|run)$/.test(name));

describe('without one privilege of its role the connector is refused', () => {
  test.each(ofTheWatch)('%s', async (privilege) => {
    const { rows } = dataverse;
    for (const { rdvs_runid } of rows.list('rdvs_run')) rows.remove('rdvs_run', String(rdvs_runid));
    await put('n-0');
    await settle();
    choose('n-0', states.discard);
    await put('n-1');
    const id = rows.list('privilege').find(({ name }) => name === privilege)?.['privilegeid'];
    const held = rows
      .list('roleprivileges')
      .find((one) => one['roleid'] === connectorRole.id && one['privilegeid'] === id);
    rows.remove('roleprivileges', String(held?.['roleprivilegeid']));
    try {
      const events = await watch({ state: true });
      await put('n-2');
      events.push(...(await watch({ state: true, now: () => Date.now() + 6 * 60_000 })));
      expect(events.filter(({ event, code }) => event === 'watch.failed' && code === '0x80040220')).not.toEqual([]);
    } finally {
      rows.insert('roleprivileges', held ?? {});
    }
    await settle();
    expect(row('n-1')).toMatchObject({ rdvs_state: states.tosettle });
    expect(row('n-0')).toMatchObject({ rdvs_state: states.discarded });
  });
});

test('an item that nobody can read keeps back no other', async () => {
  const container = storage.blobs.getContainerClient(QUARANTINE_CONTAINER);
  await container.getBlockBlobClient('foreign.json').upload('{}', 2);
  await put('n-1');
  expect(await settle()).toMatchObject({ shown: 1, failed: 1 });
});

test('one row that Dataverse refuses keeps back no other', async () => {
  await put('n-1');
  await put('x'.repeat(120));
  await put('n-2');
  expect(await settle()).toMatchObject({ shown: 2, failed: 1 });
});
