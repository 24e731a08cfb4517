// The functions of the project in the local host.
import { readdir } from 'node:fs/promises';
import { type FunctionsHost, startHost } from './functions-host/host.ts';
import { machineReadable, readable } from './log-line.ts';
import { PROJECT } from './services.ts';

export interface FunctionsOptions {
  readonly port: number;
  readonly settings: Record<string, string>;
  /** Log lines as the functions write them, for programs. */
  readonly json: boolean;
}

/** Rejects when a function cannot be loaded, or the port is taken. */
export async function startFunctions({ port, settings, json }: FunctionsOptions): Promise<FunctionsHost> {
  const lineOf = json ? machineReadable : readable;
  return startHost({
    port,
    settings,
    entries: await functionFiles(),
    log: (line) => {
      const text = lineOf(line, new Date());
      if (text !== undefined) console.log(text);
    },
  });
}

async function functionFiles(): Promise<(() => Promise<unknown>)[]> {
  const folder = new URL('functions/', PROJECT);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return files.sort().map((name) => () => import(new URL(name, folder).href));
}
