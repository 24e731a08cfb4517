// While the connector may not write: what is accepted is kept, and let go later, whatever happens in between.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { listHeld } from '../../src/delivery/held.ts';
import { BODIES_CONTAINER } from '../../src/storage/names.ts';
import { CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { openWorkshop, type Workshop } from './workers.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const AT = Date.parse('2026-11-24T09:00:00Z');
const HELD = { WRITE_TO_DYNAMICS: 'false' };

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.stop());

const rdv = (id: number, minute: number, participants = 1) => {
  const people = Array.from({ length: participants }, (_, at) => makeUser({ id: 100 + at }));
  const participations = people.map((user) => makeParticipation({ user }));
  const at = new Date(AT + minute * 60_000).toISOString();
  const data = makeRdv({ id, status: minute === 0 ? 'unknown' : 'seen', participations });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at }));
};
const environment = (): Record<string, string> => ({
  DATAVERSE_URL: workshop.dataverse.url,
  DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
  NOTIFICATIONS_STORAGE: workshop.connectionString,
});
async function connector(settings: Record<string, string>, ...args: string[]) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const code = await run(args, { environment: { ...environment(), ...settings }, print, complain: print });
  return { code, text: lines.join('\n') };
}
const appointments = () => workshop.dataverse.rows.list('appointment');
const heldIds = async () => (await listHeld(workshop.storage)).map(({ receivedAt }) => receivedAt);

test('what is held waits without Dataverse, stays readable, and is let go once, though the command is killed', async () => {
  const holder = await workshop.hire(HELD);
  workshop.dataverse.faults.add({ kind: '503', times: -1 });
  const before = workshop.dataverse.requests.length;
  // The largest one does not fit into a queue message: its body stands in a blob of its own.
  const bodies = [rdv(71, 1, 80), rdv(71, 0), ...[72, 73, 74, 75].map((id) => rdv(id, 0))];
  for (const [at, body] of bodies.entries()) await workshop.enqueue(body, AT + 100_000 + at);
  await workshop.idle();
  expect(await heldIds()).toEqual(bodies.map((_, at) => AT + 100_000 + at));
  expect(workshop.dataverse.requests.length).toBe(before);
  const stored = workshop.storage.blobs.getContainerClient(BODIES_CONTAINER);
  for await (const { name } of stored.listBlobsFlat()) expect.unreachable(`${name} would be removed by age`);
  workshop.dataverse.faults.clear();

  // Let go too early, nothing is lost: it is held again.
  expect(await connector(HELD, 'held', 'release')).toMatchObject({
    code: 1,
    text: expect.stringContaining('WRITE_TO_DYNAMICS'),
  });
  await connector({}, 'held', 'release', '--pace', '6000');
  await workshop.idle();
  await expect.poll(heldIds).toEqual(bodies.map((_, at) => AT + 100_000 + at));
  await holder.end('SIGTERM');

  const worker = await workshop.hire();
  const child = spawn(process.execPath, [MAIN, 'held', 'release', '--pace', '200'], {
    env: { ...process.env, ...environment() },
  });
  await expect.poll(async () => (await heldIds()).length, { timeout: 20_000 }).toBeLessThan(bodies.length);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = (await heldIds()).length;
  expect(left).toBeGreaterThan(0);
  expect(await connector({}, 'held', 'release', '--pace', '6000')).toEqual({ code: 0, text: `${left} released.` });
  await workshop.idle();
  await setTimeout(500);
  expect(await connector({}, 'held', 'list')).toEqual({ code: 0, text: 'Nothing is held.' });
  expect(
    appointments()
      .map((row) => [row['rdvs_rdvid'], row['rdvs_status']])
      .toSorted(),
  ).toEqual([['71', 2], ...['72', '73', '74', '75'].map((id) => [id, 1])]);
  expect(workshop.dataverse.rows.list('contact')).toHaveLength(80);
  expect(await workshop.quarantined()).toBe(0);
  await worker.end('SIGTERM');
}, 60_000);

test('no command writes meanwhile but those that prepare the first day', async () => {
  const erase = await connector(HELD, 'erase', 'usager-100', '--yes');
  expect(erase).toMatchObject({
    code: 1,
    text: expect.stringContaining('nothing was written: WRITE_TO_DYNAMICS is false'),
  });
  const administrator = { ...HELD, DATAVERSE_LOCAL_TOKEN: 'local' };
  expect(await connector(administrator, 'provision')).toMatchObject({ code: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'held-'));
  const [contact] = workshop.dataverse.rows.list('contact');
  await writeFile(join(folder, 'liens.csv'), `usager,contact\n900,${contact?.['contactid']}\n`);
  const imported = await connector(administrator, 'links', 'import', join(folder, 'liens.csv'));
  await rm(folder, { recursive: true });
  expect(imported).toMatchObject({ code: 0, text: expect.stringContaining('1 tied') });
});
