// The command line of a release: one file, an empty folder, and Node alone.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleCommandLine } from '../../infra/package/command-line.ts';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { type DataverseEmulator, startDataverse } from '../../local/dataverse/src/emulator.ts';
import { LOCAL_APPLICATION, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { connectorRole } from '../../src/provision/roles.ts';
import { BODIES_CONTAINER, NOTIFICATIONS_QUEUE, POISON_QUEUE, QUARANTINE_CONTAINER } from '../../src/storage/names.ts';

/** The versions that may run it. npm brings the one that the project itself does not run on, and keeps it in its cache. */
const NODES = ['24', '22'] as const;

async function findNode(major: (typeof NODES)[number]): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const { stdout } = await promisify(execFile)(
    'npm',
    ['exec', '--yes', `--package=node@${major}`, '--', 'node', '-p', 'process.execPath'],
    { shell: process.platform === 'win32' },
  );
  return stdout.trim();
}

const CLIENT = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';

let built: string;
let azurite: Azurite;
let dataverse: DataverseEmulator;
let sender: Awaited<ReturnType<typeof startSender>>;
let environment: Record<string, string>;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'built-'));
  await bundleCommandLine(join(built, 'connector.mjs'));
  [azurite, dataverse, sender] = await Promise.all([
    startAzurite(),
    startDataverse({ applications: { connector: CLIENT } }),
    startSender({ size: { organisations: 1, agents: 2, usagers: 5, rdvs: 3 }, disorder: 'steady' }),
  ]);
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  for (const name of [NOTIFICATIONS_QUEUE, POISON_QUEUE]) await queues.getQueueClient(name).createIfNotExists();
  for (const name of [BODIES_CONTAINER, QUARANTINE_CONTAINER]) {
    await blobs.getContainerClient(name).createIfNotExists();
  }
  environment = {
    DATAVERSE_URL: dataverse.url,
    AZURE_CLIENT_ID: CLIENT,
    NOTIFICATIONS_STORAGE: azurite.connectionString,
    RDV_WEBHOOK_SECRET: 'secret-of-the-release-test',
    SENDER_URL: sender.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    SENDER_REDIRECT_URI: `${LOCAL_APPLICATION.redirectUris[0]}`,
  };
  await connect();
}, 120_000);
afterAll(async () => {
  await Promise.all([azurite?.stop(), dataverse?.stop(), sender?.stop(), rm(built, { recursive: true })]);
});

/** A person agrees at a terminal, which the file has not got in a test. */
async function connect(): Promise<void> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const ask = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  expect(await run(['sender', 'connect'], { environment, print, complain: print, ask })).toBe(0);
}

describe.each(NODES)('with Node %s, from an empty folder', (major) => {
  let node: string;
  let folder: string;
  beforeAll(async () => {
    node = await findNode(major);
    folder = await mkdtemp(join(tmpdir(), 'empty-'));
    await copyFile(join(built, 'connector.mjs'), join(folder, 'connector.mjs'));
    return () => rm(folder, { recursive: true });
  });

  async function connector(...args: string[]) {
    // Nothing of who runs the tests.
    const env = { LC_ALL: 'C.UTF-8', ...environment };
    return new Promise<{ code: number; out: string; complaints: string }>((done) => {
      const child = execFile(node, ['connector.mjs', ...args], { cwd: folder, env }, (_, out, complaints) =>
        done({ code: child.exitCode ?? -1, out, complaints }),
      );
    });
  }

  test('it is the Node that it should be, and needs no other file', async () => {
    const { stdout } = await promisify(execFile)(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
    expect(await readdir(folder)).toEqual(['connector.mjs']);
  });

  test('provision makes what the connector needs', async () => {
    const { code, out } = await connector('provision', '--application-user', CLIENT);
    expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringContaining(dataverse.url),
    });
    expect(dataverse.rows.list('role').map((row) => row['name'])).toContain(connectorRole.name);
  }, 120_000);

  test('check says what it found, and its JSON is JSON from the first sign', async () => {
    const english = await connector('check');
    expect(english).toMatchObject({ code: 0, out: expect.stringContaining('ok       owner teams: none is set') });
    const french = await connector('check', '--lang', 'fr');
    expect(french).toMatchObject({
      code: 0,
      out: expect.stringContaining('ok         équipes propriétaires : aucune'),
    });
    const { out } = await connector('check', '--json', '--lang', 'fr');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      findings: expect.arrayContaining([expect.objectContaining({ subject: 'owner teams' })]),
    });
  }, 120_000);

  test('backfill says what it would cost', async () => {
    expect(await connector('backfill', '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('3 RDV') });
    const { code, out } = await connector('--lang=fr', 'backfill', '--dry-run');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/À reprendre : .*Essai à blanc : rien/s) });
  }, 60_000);

  test('the samples inside come to a folder, from which links are suggested', async () => {
    expect(await connector('samples', 'essai')).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'essai'))).toContain('rdv-created.json');
    const { code, out } = await connector('links', 'suggest', '--folder', 'essai');
    expect({ code, header: out.split(';')[0] }).toEqual({ code: 0, header: '\ufeffusager' });
    expect(await connector('links', 'suggest')).toMatchObject({
      complaints: expect.stringContaining(' with a contact'),
    });
    const french = await connector('links', 'suggest', '--lang', 'fr');
    expect(french).toMatchObject({ code: 0, complaints: expect.stringContaining(' avec un contact') });
  }, 60_000);

  test('quarantine is listed', async () => {
    expect(await connector('quarantine', 'list')).toMatchObject({ code: 0, out: 'Quarantine is empty.\n' });
    const french = await connector('quarantine', 'list', '--lang', 'fr');
    expect(french).toMatchObject({ code: 0, out: 'La quarantaine est vide.\n' });
  }, 60_000);
});
