// Failures are seen and settled in Dynamics, and quarantine stays the truth.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RawClient, rawClient } from '../../local/dataverse/test/raw-client.ts';
import { makeNotification, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { listQuarantine, type QuarantineItem, quarantine } from '../../src/delivery/quarantine.ts';
import { connectorRole, followerRole, mergerRole, readerRole } from '../../src/provision/roles.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { CONNECTOR_APPLICATION, CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

const states = optionValues.rdvs_incident.rdvs_state;
const FOLLOWER = 'follower';
const READER = 'reader';
const APPLICATIONS = {
  [FOLLOWER]: '1c0f7a52-6b3d-4e81-9a24-7f5e3d2c1b60',
  [READER]: '2d1a8b63-7c4e-4f92-8b35-8a6f4e3d2c71',
};

let pipeline: Pipeline;
let follower: RawClient;
beforeAll(async () => {
  const applications = { ...APPLICATIONS, [CONNECTOR_TOKEN]: CONNECTOR_APPLICATION };
  pipeline = await startPipeline({}, { applications });
  follower = userWith(FOLLOWER, followerRole.id);
});
afterAll(() => pipeline.stop());
beforeEach(async () => {
  pipeline.dataverse.faults.clear();
  for (const { id } of await listQuarantine(pipeline.storage)) await connector('quarantine', 'discard', id, '--yes');
  const { rows } = pipeline.dataverse;
  for (const row of rows.list('rdvs_incident')) rows.remove('rdvs_incident', String(row['rdvs_incidentid']));
});

function userWith(token: keyof typeof APPLICATIONS, role: string): RawClient {
  const { rows, url } = pipeline.dataverse;
  const user = rows.insert('systemuser', { lastname: 'Agent-Test', applicationid: APPLICATIONS[token] });
  rows.insert('systemuserroles', { systemuserid: user, roleid: role });
  return rawClient(url, token);
}

async function connector(...args: string[]) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const code = await run(args, { environment: pipeline.environment, print, complain: print });
  return { code, text: lines.join('\n') };
}

const rdv = (id: number) => makeRdv({ id });

/** Sends an RDV whose `starts_at` is no date: a body that ends in quarantine. */
async function fail(id: number): Promise<string> {
  const body = senderJson(makeNotification({ model: 'Rdv', event: 'created', data: rdv(id) }));
  return send(body.replace(/"starts_at":"[^"]*"/, '"starts_at":"Canari-Test"'));
}

async function send(body: string): Promise<string> {
  const response = await pipeline.send(body);
  const { notificationId }: { notificationId: string } = JSON.parse(await response.text());
  await pipeline.host.idle();
  return notificationId;
}

const settle = () => pipeline.host.runTimer('settleIncidents');
const incidents = () => pipeline.dataverse.rows.list('rdvs_incident');
const incident = (notification: string) => {
  const row = incidents().find(({ rdvs_notification }) => rdvs_notification === notification);
  if (row === undefined) throw new Error('no such incident');
  return row;
};
const stateOf = (notification: string) => incident(notification)['rdvs_state'];
const inQuarantine = async () => (await listQuarantine(pipeline.storage)).map(({ id }) => id);

async function choose(notification: string, state: number, client = follower): Promise<number> {
  const id = String(incident(notification)['rdvs_incidentid']);
  return (await client.patch(`rdvs_incidents(${id})`, { rdvs_state: state })).status;
}

/** Makes what is in quarantine something that can be applied. */
async function correct(notification: string, id: number, quarantinedAt?: string): Promise<void> {
  await put(
    notification,
    senderJson(makeNotification({ model: 'Rdv', event: 'created', data: rdv(id) })),
    quarantinedAt,
  );
}

const put = (notificationId: string, body: string, quarantinedAt = new Date().toISOString(), code = 'invalid-data') => {
  const item: QuarantineItem = {
    code,
    reason: 'data.starts_at: expected string',
    quarantinedAt,
    attempts: 1,
    envelope: { v: 1, notificationId, receivedAt: Date.now() },
    body: Buffer.from(body).toString('base64'),
  };
  return quarantine(pipeline.storage, notificationId, item);
};

/** The item's own time, so that a correction is the same failure. */
const timeOf = (notification: string) => String(incident(notification)['rdvs_since']);

describe('an incident', () => {
  test('appears, is replayed by who may, and ends', async () => {
    const id = await fail(301);
    await settle();
    expect(incident(id)).toMatchObject({
      rdvs_name: 'rdv-301',
      rdvs_state: states.tosettle,
      rdvs_code: 'invalid-data',
      rdvs_reason: expect.stringContaining('data.starts_at'),
      rdvs_model: 'Rdv',
      rdvs_organisation: '7',
      rdvs_attempts: 0,
      rdvs_endedon: null,
    });
    await correct(id, 301, timeOf(id));
    expect(await choose(id, states.replay)).toBe(204);
    await settle();
    await pipeline.host.idle();
    expect(incident(id)).toMatchObject({
      rdvs_state: states.replayed,
      rdvs_result: expect.stringContaining('Remis'),
      rdvs_endedon: expect.any(String),
    });
    expect(await pipeline.query("appointments?$filter=rdvs_rdvid eq '301'")).toHaveLength(1);
    expect(await inQuarantine()).toEqual([]);
  });

  test('is discarded: hidden, while the notification stays until its retention ends', async () => {
    const id = await fail(302);
    await settle();
    await choose(id, states.discard);
    await settle();
    await settle();
    expect(incident(id)).toMatchObject({ rdvs_state: states.discarded, rdvs_endedon: null });
    expect(await inQuarantine()).toEqual([id]);
    expect((await connector('quarantine', 'list')).text).toContain('(set aside in Dynamics)');
    expect((await connector('quarantine', 'replay', '--all')).text).toBe('0 of 0 put back.');
    await pipeline.host.runTimer('watchQueues');
    expect(pipeline.events('watch.depth').at(-1)).toMatchObject({ quarantineCount: 0 });
    await choose(id, states.tosettle);
    await settle();
    expect((await connector('quarantine', 'list')).text).not.toContain('set aside');
  });

  test('that fails again is to be settled again, with its new reason', async () => {
    const id = await fail(303);
    await settle();
    await sleep(1100);
    await put(id, 'Bonjour', timeOf(id));
    await choose(id, states.replay);
    await settle();
    await pipeline.host.idle();
    expect(stateOf(id)).toBe(states.replayed);
    await settle();
    expect(incident(id)).toMatchObject({
      rdvs_state: states.tosettle,
      rdvs_code: 'not-json',
      rdvs_result: expect.stringContaining('nouvel échec'),
      rdvs_endedon: null,
    });
    expect(incidents()).toHaveLength(1);
  });

  test('of what is no notification cannot be replayed, and says so', async () => {
    await put('message-1', 'rien', undefined, 'not-an-envelope');
    const item = { code: 'body-missing', reason: 'x', quarantinedAt: new Date().toISOString(), attempts: 0 };
    await quarantine(pipeline.storage, 'message-2', { ...item, envelope: null, body: null });
    await settle();
    await choose('message-2', states.replay);
    await settle();
    expect(incident('message-2')).toMatchObject({
      rdvs_name: 'message-2',
      rdvs_state: states.tosettle,
      rdvs_result: expect.stringContaining('Écartez'),
    });
  });

  test('takes no other state from people', async () => {
    const id = await fail(304);
    await settle();
    for (const state of [states.replayed, states.discarded, states.replaying, states.gone]) {
      await choose(id, state);
      await settle();
      expect(incident(id)).toMatchObject({
        rdvs_state: states.tosettle,
        rdvs_result: expect.stringContaining('Choisissez'),
      });
    }
    expect(await inQuarantine()).toEqual([id]);
  });
});

describe('commands and Dynamics agree after one run', () => {
  test.each([
    ['replay', states.gone],
    ['discard', states.gone],
  ])('%s', async (command, expected) => {
    const id = await fail(310);
    await settle();
    await correct(id, 310, timeOf(id));
    await connector('quarantine', command, id, ...(command === 'discard' ? ['--yes'] : []));
    await pipeline.host.idle();
    await settle();
    expect(incident(id)).toMatchObject({ rdvs_state: expected, rdvs_endedon: expect.any(String) });
    expect(await choose(id, states.replay)).toBe(204);
    await settle();
    expect(stateOf(id)).toBe(expected);
  });

  test('one that a command replayed and that failed again is shown again', async () => {
    const id = await fail(311);
    await settle();
    await sleep(1100);
    await connector('quarantine', 'replay', id);
    await pipeline.host.idle();
    await settle();
    expect(incident(id)).toMatchObject({ rdvs_state: states.tosettle, rdvs_result: expect.stringContaining('échec') });
    expect(Date.parse(timeOf(id))).toBeGreaterThan(Date.now() - 10_000);
  });

  test('erase removes the notification, and the incident ends', async () => {
    const id = 'n-912';
    await put(id, senderJson(makeNotification({ model: 'User', event: 'created', data: makeUser({ id: 912 }) })));
    await settle();
    expect(incident(id)['rdvs_name']).toBe('usager-912');
    await connector('erase', 'usager-912', '--yes');
    await settle();
    expect(await inQuarantine()).toEqual([]);
    expect(stateOf(id)).toBe(states.gone);
  });
});

describe('who may', () => {
  test('is “Suivi” alone: others see nothing and choose nothing', async () => {
    const id = await fail(320);
    await settle();
    const key = String(incident(id)['rdvs_incidentid']);
    const reader = userWith(READER, readerRole.id);
    const asked = await Promise.all([
      reader.get('rdvs_incidents?$select=rdvs_name'),
      reader.get('rdvs_runs?$select=rdvs_name'),
      reader.patch(`rdvs_incidents(${key})`, { rdvs_state: states.replay }),
      follower.post('rdvs_incidents', { rdvs_name: 'rdv-1' }),
      follower.remove(`rdvs_incidents(${key})`),
      follower.get('rdvs_links?$select=rdvs_name'),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(Array(6).fill(403));
    for (const role of [readerRole, mergerRole]) {
      expect(role.privileges.filter((name) => /incident|run/.test(name))).toEqual([]);
    }
    const followed = followerRole.privileges.filter((name) => !name.endsWith('rdvs_duplicate'));
    expect(followed).toEqual(['prvReadrdvs_incident', 'prvWriterdvs_incident', 'prvReadrdvs_run']);
    expect(connectorRole.privileges).not.toContain('prvDeleterdvs_incident');
  });
});
