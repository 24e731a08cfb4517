// The connector with local storage and a local Dataverse: what `npm start` starts.
import { readdir } from 'node:fs/promises';
import { type HostLogLine, startHost } from './functions-host/host.ts';
import { machineReadable, readable } from './log-line.ts';
import { readPorts } from './ports.ts';
import type { Run } from './run.ts';
import { startLocalSender } from './sender.ts';
import { PROJECT, startServices } from './services.ts';
import { welcome } from './welcome.ts';

/** Resolves when notifications can be sent. Rejects when a port is taken or a part does not start. */
export async function startConnector(run: Run): Promise<void> {
  const begin = performance.now();
  const ports = await readPorts(process.env);
  const services = await startServices(ports, run);
  const host = await startHost({
    port: ports.FUNCTIONS_PORT,
    settings: services.settings,
    entries: await functionFiles(),
    log: showLine,
  });
  run.onStop(host.stop);
  const agendaUrl = await startLocalSender(ports, run, { url: host.url, secret: services.secret });
  console.log(welcome(host.url, agendaUrl, services));
  console.log(`Ready in ${((performance.now() - begin) / 1000).toFixed(1)} s. Ctrl-C to stop.`);
}

async function functionFiles(): Promise<(() => Promise<unknown>)[]> {
  const folder = new URL('functions/', PROJECT);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return files.sort().map((name) => () => import(new URL(name, folder).href));
}

/** `npm start -- --json`: for programs that read it. */
const lineOf = process.argv.includes('--json') ? machineReadable : readable;

function showLine(line: HostLogLine): void {
  const text = lineOf(line, new Date());
  if (text !== undefined) console.log(text);
}
