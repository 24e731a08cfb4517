// The functions of the project in the local host.
import { readdir } from 'node:fs/promises';
import { type FunctionsHost, type HostLogLine, startHost } from './functions-host/host.ts';
import { PROJECT } from './services.ts';

export interface FunctionsOptions {
  readonly port: number;
  readonly settings: Record<string, string>;
}

/** Rejects when a function cannot be loaded, or the port is taken. */
export async function startFunctions({ port, settings }: FunctionsOptions): Promise<FunctionsHost> {
  return startHost({ port, settings, entries: await functionFiles(), log: showLine });
}

async function functionFiles(): Promise<(() => Promise<unknown>)[]> {
  const folder = new URL('functions/', PROJECT);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return files.sort().map((name) => () => import(new URL(name, folder).href));
}

/** The log lines of the functions and the complaints of the host, one line each. */
function showLine({ level, category, functionName = 'host', message }: HostLogLine): void {
  if (category === 'host' && level === 'information') return;
  console.log(`${functionName}  ${category === 'host' ? `${level}: ` : ''}${message.replaceAll('\n', ' ')}`);
}
