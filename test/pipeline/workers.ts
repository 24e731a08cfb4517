// Several worker processes on one queue and one Dynamics.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startAzurite } from '../../local/azurite.ts';
import type { DataverseEmulator, DataverseOptions } from '../../local/dataverse/src/emulator.ts';
import { pack } from '../../src/delivery/replay.ts';
import { encodeEnvelope } from '../../src/intake/envelope.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { NOTIFICATIONS_QUEUE, QUARANTINE_CONTAINER } from '../../src/storage/names.ts';
import { CONNECTOR_TOKEN, startProvisioned } from '../dataverse/connector-user.ts';

export interface WorkerProcess {
  readonly pid: number;
  /** The lines it printed. */
  readonly lines: string[];
  /** Ends it politely, or at once. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface Workshop {
  /** Stops storage, and starts it again with what it held. */
  restartStorage(downMs: number): Promise<void>;
  readonly dataverse: DataverseEmulator;
  readonly storage: Storage;
  readonly connectionString: string;
  hire(settings?: Record<string, string>): Promise<WorkerProcess>;
  /** Puts an envelope on the queue as the receiver does. */
  enqueue(body: string, receivedAt: number): Promise<void>;
  /** Resolves when the queue is empty. */
  idle(timeoutMs?: number): Promise<void>;
  quarantined(): Promise<number>;
  /** Events of that name logged by all workers. */
  events(name: string): Record<string, unknown>[];
  stop(): Promise<void>;
}

const portOf = (url: string) => Number(new URL(url).port);

const SCRIPT = fileURLToPath(new URL('worker-process.ts', import.meta.url));

export async function openWorkshop(options: DataverseOptions = {}): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'azurite-'));
  const [first, dataverse] = await Promise.all([startAzurite({ folder }), startProvisioned(options)]);
  let azurite = first;
  const { connectionString } = azurite;
  const storage = await openStorage({ kind: 'connection-string', connectionString });
  const queue = storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
  await queue.createIfNotExists();
  const workers: { process: ChildProcess; worker: WorkerProcess }[] = [];

  return {
    dataverse,
    storage,
    connectionString,
    restartStorage: async (downMs) => {
      const ports = { queuePort: portOf(azurite.queueUrl), blobPort: portOf(azurite.blobUrl) };
      await azurite.stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      azurite = await startAzurite({ folder, ...ports });
    },
    hire: async (settings = {}) => {
      const environment = {
        PATH: process.env['PATH'] ?? '',
        DATAVERSE_URL: dataverse.url,
        DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
        NOTIFICATIONS_STORAGE: connectionString,
        RDV_WEBHOOK_SECRET: 'unused',
        ...settings,
      };
      const child = spawn(process.execPath, [SCRIPT], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: string[] = [];
      const ready = new Promise<void>((resolve, reject) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          lines.push(line);
          if (line === 'worker ready') resolve();
        });
        child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
      });
      await ready;
      const worker: WorkerProcess = {
        pid: child.pid ?? 0,
        lines,
        end: async (signal) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill(signal);
          await once(child, 'exit');
        },
      };
      workers.push({ process: child, worker });
      return worker;
    },
    enqueue: async (text, receivedAt) => {
      const arrival = { v: 1, notificationId: `n-${receivedAt}`, receivedAt } as const;
      const envelope = await pack(storage, arrival, Buffer.from(text));
      await queue.sendMessage(encodeEnvelope(envelope).toString('base64'), { messageTimeToLive: -1 });
    },
    idle: async (timeoutMs = 60_000) => {
      const deadline = Date.now() + timeoutMs;
      while ((await queue.getProperties()).approximateMessagesCount !== 0) {
        if (Date.now() > deadline) throw new Error('the queue does not empty');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    quarantined: async () => {
      const container = storage.blobs.getContainerClient(QUARANTINE_CONTAINER);
      if (!(await container.exists())) return 0;
      return (await Array.fromAsync(container.listBlobsFlat())).length;
    },
    events: (name) =>
      workers
        .flatMap(({ worker }) => worker.lines)
        .filter((line) => line.startsWith('{'))
        .map((line): Record<string, unknown> => JSON.parse(line))
        .filter(({ event }) => event === name),
    stop: async () => {
      await Promise.all(workers.map(({ worker }) => worker.end('SIGTERM')));
      await Promise.all([azurite.stop(), dataverse.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}
