// What the functions need around them: storage, Dataverse with its schema, and the settings that point there.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { BODIES_CONTAINER, HELD_CONTAINER, poisonOf, QUARANTINE_CONTAINER, QUEUES } from '../src/storage/names.ts';
import { startAzurite } from './azurite.ts';
import { startDataverse } from './dataverse/src/emulator.ts';
import { answerPage } from './page/answer.ts';
import type { Ports } from './ports.ts';
import type { Run } from './run.ts';

export const PROJECT = new URL('../', import.meta.url);

const CONTAINERS = [BODIES_CONTAINER, QUARANTINE_CONTAINER, HELD_CONTAINER];
/** Replaces `maxPollingInterval` of host.json. */
export const POLLING = 'AzureFunctionsJobHost__extensions__queues__maxPollingInterval';
const DATAVERSE_TOKEN = 'local';
/** Stands for the client id of a managed identity: with it, `provision` and `check` do here all that they do in Azure. */
export const APPLICATION_USER = '5f0c0a7e-1d2b-4c3a-9e8f-00000000c0de';

export interface Services {
  dataverseUrl: string;
  queueUrl: string;
  blobUrl: string;
  /** With which notifications are signed. */
  secret: string;
  /** App settings. Everything else that the environment holds (policies, …) reaches the app as it is. */
  settings: Record<string, string>;
}

/** Rejects with the output of `provision` when it fails. */
export async function startServices(ports: Ports, run: Run): Promise<Services> {
  withoutProxies();
  const [azurite, dataverse] = await Promise.all([
    startAzurite({ queuePort: ports.AZURITE_QUEUE_PORT, blobPort: ports.AZURITE_BLOB_PORT }).then((started) => {
      run.onStop(started.stop);
      return started;
    }),
    startDataverse({ port: ports.DATAVERSE_PORT, token: DATAVERSE_TOKEN, page: answerPage }).then((started) => {
      run.onStop(() => started.stop());
      return started;
    }),
  ]);
  const secret = process.env['RDV_WEBHOOK_SECRET'] || 'local-secret';
  const settings = {
    // Always the local ones: a shell that has the address of a real environment must not reach it from here.
    DATAVERSE_URL: dataverse.url,
    DATAVERSE_LOCAL_TOKEN: DATAVERSE_TOKEN,
    NOTIFICATIONS_STORAGE: azurite.connectionString,
    RDV_WEBHOOK_SECRET: secret,
    // Nobody here wants to wait for the 2 s of host.json, and Azurite bills nothing.
    [POLLING]: process.env[POLLING] || '00:00:00.100',
  };
  await Promise.all([createStorage(azurite.connectionString), provision(settings, run)]);
  return { dataverseUrl: dataverse.url, queueUrl: azurite.queueUrl, blobUrl: azurite.blobUrl, secret, settings };
}

/** dynamics-web-api sends calls to 127.0.0.1 through these too. */
function withoutProxies(): void {
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) delete process.env[name];
}

async function createStorage(connectionString: string): Promise<void> {
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  await Promise.all([
    ...QUEUES.flatMap((name) => [name, poisonOf(name)]).map((name) => queues.getQueueClient(name).createIfNotExists()),
    ...CONTAINERS.map((name) => blobs.getContainerClient(name).createIfNotExists()),
  ]);
}

async function provision(settings: Record<string, string>, run: Run): Promise<void> {
  const interrupted = new AbortController();
  run.onStop(() => interrupted.abort());
  try {
    await promisify(execFile)(
      process.execPath,
      ['src/cli/main.ts', 'provision', '--application-user', APPLICATION_USER],
      {
        cwd: PROJECT,
        env: { ...process.env, ...settings },
        signal: interrupted.signal,
      },
    );
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`The local Dataverse could not be provisioned:\n${stdout}${stderr}`, { cause: error });
  }
}
