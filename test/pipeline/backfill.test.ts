// `connector backfill`: what the sender's API shows stands in Dynamics, once, however often the command was ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  LOCAL_APPLICATION,
  type SenderOptions,
  type Sender as StandIn,
  startSender,
} from '../../local/rdv-solidarites/sender/start-sender.ts';
import { withProgress } from '../../src/backfill/progress-store.ts';
import { run } from '../../src/cli/main.ts';
import { HELD_CONTAINER, SENDER_CONTAINER, SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let pipeline: Pipeline;
let standIn: StandIn;
beforeEach(async () => {
  pipeline = await startPipeline();
  await pipeline.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  return () => pipeline.stop();
});

async function connect(options: SenderOptions): Promise<void> {
  standIn = await startSender(options);
  onTestFinished(() => standIn.stop());
  const { lines, code } = await connector(['sender', 'connect']);
  expect({ code, lines }).toMatchObject({ code: 0 });
}

const environment = () => ({
  ...pipeline.environment,
  SENDER_URL: standIn.url,
  SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
  SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
  SENDER_REDIRECT_URI: `${LOCAL_APPLICATION.redirectUris[0]}`,
  BACKFILL_PACE: '600',
});

async function connector(args: readonly string[], more: Record<string, string> = {}) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const ask = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  const code = await run(args, { environment: { ...environment(), ...more }, print, complain: print, ask });
  return { code, lines, text: lines.join('\n') };
}

/** Everything that the stand-in has, and whatever has no link of it. */
async function missing(): Promise<readonly string[]> {
  const named = new Set(pipeline.dataverse.rows.list('rdvs_link').map((row) => row['rdvs_name']));
  const { usagers, profiles, rdvs, absences } = standIn.store;
  return [
    ...[...usagers.values()].map(({ id }) => `usager-${id}`),
    ...[...profiles.values()].map(({ user_id, organisation_id }) => `profile-${user_id}-${organisation_id}`),
    ...[...rdvs.values()].map(({ id }) => `rdv-${id}`),
    ...[...absences.values()].map(({ id }) => `absence-${id}`),
  ].filter((name) => !named.has(name));
}

function doubled() {
  const { rows } = pipeline.dataverse;
  const rdvs = rows.list('appointment').flatMap((row) => row['rdvs_rdvid'] ?? []);
  return {
    contacts: rows.list('contact').length - standIn.store.usagers.size,
    appointments: rdvs.length - new Set(rdvs).size,
  };
}

test('says what it costs and asks, then brings everything over, and the second time changes nothing', async () => {
  await connect({ size: { organisations: 2, agents: 3, usagers: 60, rdvs: 150 }, disorder: 'steady' });
  const dry = await connector(['backfill', '--dry-run']);
  expect(dry.text).toMatch(/To bring over: \d+ usagers and their memberships, 150 RDV, 6 absences\./);
  expect(dry.text).toMatch(/about \d+ requests, 1 min at 600 a minute/);
  expect(dry).toMatchObject({ code: 0, text: expect.stringContaining('nothing was sent') });
  expect(pipeline.dataverse.rows.list('rdvs_link')).toEqual([]);

  const memberships = standIn.store.profiles.size;
  const records = memberships + 150 + 6;
  const asked = standIn.requests.records.length;
  const first = await connector(['backfill', '--yes']);
  expect(first).toMatchObject({ code: 0, text: expect.stringContaining(`${memberships} read, ${memberships} sent`) });
  expect(first.text).toMatch(new RegExp(`${records} applied, 0 same or newer already, 0 refused`));
  expect(await missing()).toEqual([]);
  expect(doubled()).toEqual({ contacts: 0, appointments: 0 });
  const told = Number(/about (\d+) requests/.exec(first.text)?.[1]);
  expect(standIn.requests.records.length - asked).toBeLessThan(2 * told);

  const second = await connector(['backfill', '--yes']);
  expect(second.text).toMatch(new RegExp(`0 applied, ${records} same or newer already, 0 refused`));
  const writes = pipeline.events('notification.done').slice(-records);
  expect(writes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
}, 120_000);

/** The command in a process of its own, as far as it lives. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'backfill', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment() },
  });
  const heard: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => heard.push(`${chunk}`));
  const ended = once(child, 'exit').then(([code]) => ({ code, text: heard.join('') }));
  return { child, ended };
}

const progressBlob = () => pipeline.storage.blobs.getContainerClient(SENDER_CONTAINER).getBlockBlobClient('backfill');

/** Waits until the sender was asked so many times more. */
async function asked(more: number): Promise<void> {
  const until = standIn.requests.records.length + more;
  await expect.poll(() => standIn.requests.records.length, { timeout: 60_000, interval: 10 }).toBeGreaterThan(until);
}

test('ended five times in all ways, it loses nothing and doubles nothing, and tells nothing of people', async () => {
  await connect({ size: { organisations: 3, agents: 3, usagers: 700, rdvs: 3000 }, disorder: 'steady' });
  const heard: string[] = [];
  for (const [more, signal] of [
    [11, 'SIGKILL'],
    [6, 'SIGKILL'],
    [16, 'SIGINT'],
    [12, 'SIGKILL'],
    [14, 'SIGKILL'],
  ] as const) {
    const { child, ended } = start(['--yes']);
    await asked(more);
    child.kill(signal);
    const { code, text } = await ended;
    heard.push(text);
    if (signal === 'SIGINT')
      expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/Stopped: r/) });
    // What runs out within 15 s.
    else await progressBlob().getBlobLeaseClient().breakLease(0);
    heard.push(`${await progressBlob().downloadToBuffer()}`);
  }
  const last = await connector(['backfill']);
  heard.push(last.text);
  expect(last).toMatchObject({ code: 0, text: expect.stringMatching(/^Goes on with backfill-\d{14}\./) });
  expect(await missing()).toEqual([]);
  expect(doubled()).toEqual({ contacts: 0, appointments: 0 });
  expect(last.text).toContain('0 refused');
  expect(await progressBlob().exists()).toBe(false);
  const names = [...standIn.store.usagers.values()].map(({ last_name }) => last_name);
  expect(names.filter((name) => heard.join('').includes(name))).toEqual([]);
}, 300_000);

test('two at once: the second one refuses', async () => {
  await connect({ size: { organisations: 1, agents: 1, usagers: 3, rdvs: 3 } });
  await withProgress(pipeline.storage, async () => {
    expect(await connector(['backfill', '--yes'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('Another backfill is running'),
    });
  });
  expect(await missing()).not.toEqual([]);
}, 60_000);

test('an organisation whose role is lost meanwhile is not believed, and is read when the role is back', async () => {
  await connect({ size: { organisations: 2, agents: 2, usagers: 450, rdvs: 40 }, disorder: 'steady' });
  const [, second = 0] = [...standIn.store.organisations.values()].map(({ id }) => id);
  const role = [...standIn.store.roles.values()].find(
    ({ organisation_id, agent_id }) => organisation_id === second && agent_id === 1,
  );
  const reading = connector(['backfill', '--yes']);
  const path = `/organisations/${second}/users?page=1`;
  const isBegun = () => standIn.requests.records.filter((one) => one.path.includes(path)).length > 1;
  await expect.poll(isBegun, { timeout: 60_000, interval: 5 }).toBe(true);
  standIn.store.roles.remove(role?.id ?? 0);
  const lost = await reading;
  expect(lost).toMatchObject({
    code: 1,
    text: expect.stringContaining(`organisation ${second}: the account lost its role`),
  });
  const of = new Set(
    standIn.store.profiles.where('organisation_id', second).map(({ user_id }) => `profile-${user_id}-${second}`),
  );
  const profiles = pipeline.dataverse.rows.list('rdvs_link').map((row) => `${row['rdvs_name']}`);
  expect(
    profiles.filter((name) => name.startsWith('profile-') && name.endsWith(`-${second}`) && !of.has(name)),
  ).toEqual([]);
  if (role !== undefined) standIn.store.roles.put(role);
  expect(await connector(['backfill'])).toMatchObject({ code: 0 });
  expect(await missing()).toEqual([]);
}, 120_000);

test('while nothing may be written it refuses, and says so of an application that holds', async () => {
  await connect({ size: { organisations: 1, agents: 1, usagers: 5, rdvs: 5 } });
  expect(await connector(['backfill', '--yes'], { WRITE_TO_DYNAMICS: 'false' })).toMatchObject({
    code: 1,
    text: expect.stringContaining('WRITE_TO_DYNAMICS is false'),
  });
  await pipeline.stop();
  pipeline = await startPipeline({ WRITE_TO_DYNAMICS: 'false' });
  await pipeline.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  await connector(['sender', 'connect']);
  const { text } = await connector(['backfill', '--yes']);
  expect(text).toMatch(/ 0 applied, 0 same or newer already, 0 refused/);
  expect(text).toMatch(/\d+ held: .*WRITE_TO_DYNAMICS/);
  expect(await pipeline.storage.blobs.getContainerClient(HELD_CONTAINER).exists()).toBe(true);
}, 60_000);
