// No personal data leaves the path: every text of every notification is a canary, every path runs, and none sings.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { BODIES_CONTAINER, QUARANTINE_CONTAINER } from '../../src/storage/names.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

const CANARY = 'Canari';
const FIXTURES = new URL('../../local/rdv-solidarites/notifications/', import.meta.url);

let pipeline: Pipeline;
let bodies: string[];
let folder: string;
const said: string[] = [];
beforeAll(async () => {
  pipeline = await startPipeline({ DATAVERSE_TIMEOUT_SECONDS: '5' });
  folder = await mkdtemp(join(tmpdir(), 'canary-'));
  const files = await readdir(FIXTURES);
  bodies = (await Promise.all(files.map((file) => readFile(new URL(file, FIXTURES), 'utf8')))).map((text) => {
    const { data, meta } = JSON.parse(text);
    return JSON.stringify({ data: sing(data), meta });
  });
});
afterAll(async () => {
  await pipeline.stop();
  await rm(folder, { recursive: true });
});

// Without these the body is no notification, or no longer of its model: they hold no personal data.
const KEPT = /(_at|_day|_date|_time|^time_zone|^ical_uid|^rrule)$/;
let canaries = 0;

/** Puts a canary into every text. */
function sing(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => sing(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, sing(held, name)]));
  }
  if (typeof value !== 'string' || KEPT.test(key)) return value;
  canaries += 1;
  return key === 'email' ? `${CANARY}.${canaries}@example.org` : `${CANARY}-${canaries} d'«Été» <b>`;
}

async function send(body: string): Promise<void> {
  const response = await pipeline.send(body);
  said.push(JSON.stringify([...response.headers]), await response.text());
}

/** A later rendering of the same record, so that it is applied again. */
function later(body: string, seconds: number): string {
  const { data, meta } = JSON.parse(body);
  const at = new Date(Date.parse('2027-01-01T00:00:00Z') + seconds * 1000).toISOString();
  return JSON.stringify({ data: sing(data), meta: { ...meta, payload_computed_at: at } });
}

describe('no canary sings', () => {
  test('when everything goes well, and when bodies are wrong', async () => {
    for (const body of bodies) await send(body);
    for (const body of bodies) await send(body.replace('"id":', `"id":"${CANARY}-id",`));
    await send(`${CANARY} is no JSON`);
    await send(JSON.stringify({ [CANARY]: CANARY, data: { id: 1 }, meta: { model: CANARY, event: CANARY } }));
    said.push(await (await pipeline.send(bodies[0] ?? '', { source: 'Canari%20x' })).text());
    said.push(await (await pipeline.send(bodies[0] ?? '', { secret: 'wrong' })).text());
    await pipeline.host.idle();
    expect(pipeline.events('notification.done').length).toBeGreaterThan(20);
    expect(pipeline.events('notification.quarantined').length).toBeGreaterThan(20);
    expect(JSON.stringify(pipeline.dataverse.snapshot())).toContain(CANARY);
  });

  test.each([
    '429',
    '503',
    '502-html',
    '200-html',
    '401',
    '500-sql',
    'reset',
    'reset-after-commit',
    'truncate',
    'bad-json',
    'malformed-batch',
    'deadlock',
  ] as const)('when Dataverse answers with %s', { timeout: 90_000 }, async (kind) => {
    // One only: the worker stays away for longer and longer after each.
    pipeline.dataverse.faults.add({ kind, times: 1, retryAfter: 1 });
    const chosen = bodies.filter((body) => /"model":"(Rdv|User)"/.test(body)).slice(0, 3);
    const before = pipeline.host.logs.length;
    for (const body of chosen) await send(later(body, before));
    await until(
      () =>
        pipeline.host.logs.slice(before).filter(({ message }) => /done|retried|quarantined/.test(message)).length >= 3,
    );
    pipeline.dataverse.faults.clear();
  });

  test('when Dataverse refuses a value', { timeout: 90_000 }, async () => {
    await shortenFirstname();
    await send(later(bodies.find((text) => text.includes('"model":"User"')) ?? '', 5000));
    await until(() => pipeline.events('notification.quarantined').some(({ code }) => code === '0x80044331'));
  });

  test('when somebody asks the command', async () => {
    const print = (line: string) => void said.push(line);
    const command = (...args: string[]) => run(args, { environment: pipeline.environment, print, complain: print });
    for (const [at, body] of bodies.entries()) {
      const file = join(folder, `${at}.json`);
      await writeFile(file, body);
      await command('explain', file);
    }
    await command('quarantine', 'list');
    for (const entry of pipeline.events('notification.quarantined')) {
      await command('quarantine', 'show', String(entry['notificationId']));
    }
    expect(said.join('\n')).toMatch(/Nothing to write|Would write/);
  });

  test('anywhere that is not the path itself', async () => {
    await pipeline.host.runTimer('watchQueues');
    await pipeline.host.runTimer('moveCalendars');
    await pipeline.host.runTimer('settleIncidents');
    const { rows } = pipeline.dataverse;
    const watched = [...rows.list('rdvs_incident'), ...rows.list('rdvs_run')];
    expect(watched.length).toBeGreaterThan(20);
    expect(watched.filter((row) => JSON.stringify(row).includes(CANARY))).toEqual([]);
    expect(pipeline.events('calendars.moved')).toHaveLength(1);
    expect(pipeline.host.logs.map(({ message }) => message).filter((line) => line.includes(CANARY))).toEqual([]);
    expect(said.filter((text) => text.includes(CANARY))).toEqual([]);
    const names = [
      ...(await Array.fromAsync(pipeline.storage.queues.listQueues(), ({ name }) => name)),
      ...(await blobNames(BODIES_CONTAINER)),
      ...(await blobNames(QUARANTINE_CONTAINER)),
    ];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => name.includes(CANARY))).toEqual([]);
  });
});

async function blobNames(container: string): Promise<string[]> {
  const client = pipeline.storage.blobs.getContainerClient(container);
  return (await client.exists()) ? Array.fromAsync(client.listBlobsFlat(), ({ name }) => name) : [];
}

/** An admin shortens a column behind the connector's back. */
async function shortenFirstname(): Promise<void> {
  const attributes = `${pipeline.dataverse.url}/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Attributes`;
  const url = `${attributes}(LogicalName='firstname')`;
  const headers = { Authorization: 'Bearer local', 'Content-Type': 'application/json' };
  const typed = `${url}/Microsoft.Dynamics.CRM.StringAttributeMetadata`;
  const definition = JSON.parse(await (await fetch(typed, { headers })).text());
  const body = JSON.stringify({
    ...definition,
    '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    MaxLength: 5,
  });
  const { status } = await fetch(url, { method: 'PUT', headers, body });
  if (status !== 204) throw new Error(`the column was not shortened: ${status}`);
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it does not come');
}
