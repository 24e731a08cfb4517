// Starts Azurite (blobs and queues, kept in memory) as a child process that never outlives its parent.
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';

export interface AzuriteOptions {
  /** 0 or absent: any free port. */
  queuePort?: number;
  /** 0 or absent: any free port. */
  blobPort?: number;
  /** Keeps the data in this folder, so that another start finds it; absent: in memory. */
  folder?: string;
}

export interface Azurite {
  connectionString: string;
  /** With the account: `http://127.0.0.1:PORT/devstoreaccount1`. */
  queueUrl: string;
  blobUrl: string;
  pid: number;
  stop(): Promise<void>;
}

/** A port that another program holds. */
export class PortTaken extends Error {
  readonly port: number;
  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${port} is already in use`, options);
    this.name = 'PortTaken';
    this.port = port;
  }
}

// The account and key that every Azurite has (Microsoft Learn, "Use the Azurite emulator for local Azure Storage development").
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

// The channel to the parent closes whenever the parent ends, even by SIGKILL.
const END_WITH_PARENT = "data:text/javascript,process.on('disconnect',()=>process.exit())";
const START_TIMEOUT_MS = 20_000;
const SAVE_MS = 1_000;

/**
 * Resolves when both services listen.
 * @throws {PortTaken} when a given port is not free.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const ports = { queue: options.queuePort ?? 0, blob: options.blobPort ?? 0, table: 0 };
  // The storage SDKs would ask a proxy for 127.0.0.1 too.
  process.env['NO_PROXY'] = [process.env['NO_PROXY'], '127.0.0.1'].filter(Boolean).join(',');
  const child = fork(
    main,
    [
      ...(options.folder === undefined ? ['--inMemoryPersistence'] : ['--location', options.folder]),
      '--silent',
      '--disableTelemetry',
      // The storage SDKs announce newer API versions than any released Azurite knows.
      '--skipApiVersionCheck',
      ...Object.entries(ports).flatMap(([service, port]) => [
        `--${service}Host`,
        '127.0.0.1',
        `--${service}Port`,
        `${port}`,
      ]),
    ],
    // Its own process group: Ctrl-C must not take storage away from what still drains.
    {
      cwd: tmpdir(),
      detached: true,
      execArgv: ['--import', END_WITH_PARENT],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = () => child.kill('SIGKILL');
  // Also when the parent exits before Azurite is ready to notice.
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    // In memory there is nothing to save. Asked to end, Azurite writes its tables, then waits for open connections.
    if (options.folder !== undefined && child.kill('SIGINT')) {
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, SAVE_MS).unref())]);
    }
    kill();
    await ended;
  };
  try {
    const [blob, queue] = await listening(child, ended);
    const queueUrl = `${queue}/${ACCOUNT}`;
    const blobUrl = `${blob}/${ACCOUNT}`;
    const connectionString = [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      `BlobEndpoint=${blobUrl}`,
      `QueueEndpoint=${queueUrl}`,
      '',
    ].join(';');
    return { connectionString, queueUrl, blobUrl, pid: child.pid ?? 0, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The addresses of the blob and queue services, from the lines that Azurite prints. */
function listening(child: ReturnType<typeof fork>, ended: Promise<void>): Promise<[blob: string, queue: string]> {
  let output = '';
  const failure = () => {
    const taken = /EADDRINUSE.*?:(\d+)\s*$/m.exec(output);
    return taken
      ? new PortTaken(Number(taken[1]))
      : new Error(`Azurite did not start: ${output.trim() || 'no output'}`);
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure()), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk;
      const address = (service: string) =>
        new RegExp(`${service} service is successfully listening at (http://\\S+)\n`).exec(output)?.[1];
      const [blob, queue] = [address('Blob'), address('Queue')];
      if (!blob || !queue) return;
      clearTimeout(timer);
      resolve([blob, queue]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    ended.then(() => {
      clearTimeout(timer);
      reject(failure());
    });
  });
}
