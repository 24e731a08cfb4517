// The backfill as an administrator runs it, in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LOCAL_APPLICATION, type Sender } from '../../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../../src/cli/main.ts';
import { CONNECTOR_TOKEN } from '../../dataverse/connector-user.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** Connects to the stand-in. @returns the settings of the command */
export async function connectTo(
  sender: Sender,
  storage: string,
  dataverseUrl: string,
): Promise<Record<string, string>> {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    SENDER_URL: sender.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    BACKFILL_PACE: '600',
    NOTIFICATIONS_STORAGE: storage,
    DATAVERSE_URL: dataverseUrl,
    DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
  };
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const ask = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  const code = await run(['sender', 'connect'], { environment, print, complain: print, ask });
  if (code !== 0) throw new Error(lines.join('\n'));
  return environment;
}

export type Command = ReturnType<typeof startBackfill>;

/** @param onMemory what the process holds, in MB, twice a second (Linux) */
export function startBackfill(environment: Record<string, string>, onMemory: (megabytes: number) => void) {
  const child = spawn(process.execPath, [MAIN, 'backfill', '--yes'], { env: environment });
  const heard: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => heard.push(`${chunk}`));
  const watching = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
    if (!Number.isNaN(kilobytes)) onMemory(kilobytes / 1024);
  }, 500);
  const ended = once(child, 'exit').then(() => {
    clearInterval(watching);
    return { code: child.exitCode, text: heard.join('') };
  });
  return {
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
