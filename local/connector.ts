// The connector with local storage, a local Dataverse and a local sender: what `npm start` starts.
import { startFunctions } from './functions.ts';
import { startHeldFunctions } from './held-functions.ts';
import { readPorts } from './ports.ts';
import type { Run } from './run.ts';
import { startLocalSender } from './sender.ts';
import { startServices } from './services.ts';
import { welcome } from './welcome.ts';

/** Resolves when notifications can be sent. Rejects when a port is taken or a part does not start. */
export async function startConnector(run: Run): Promise<void> {
  const begin = performance.now();
  const ports = await readPorts(process.env);
  const isHeld = process.env['WRITE_TO_DYNAMICS'] === 'false';
  const [services, sender] = await Promise.all([startServices(ports, run), startLocalSender(ports, run)]);
  const settings = { ...services.settings, ...sender.settings };
  // `npm start -- --json`: for programs that read it.
  const json = process.argv.includes('--json');
  const options = { port: ports.FUNCTIONS_PORT, settings, json };
  const host = isHeld ? await startHeldFunctions(options) : await startFunctions(options);
  run.onStop(host.stop);
  // Day one begins with no webhook at all: `sender subscribe` installs them.
  if (!isHeld) sender.notify({ url: host.url, secret: services.secret });
  console.log(welcome({ functionsUrl: host.url, isHeld, services, sender }));
  console.log(`Ready in ${((performance.now() - begin) / 1000).toFixed(1)} s. Ctrl-C to stop.`);
  if (!isHeld) return;
  const port = Number(new URL(host.url).port);
  await typed('WRITE_TO_DYNAMICS=true');
  await host.stop();
  const writing = await startFunctions({ port, json, settings: { ...settings, WRITE_TO_DYNAMICS: 'true' } });
  run.onStop(writing.stop);
  console.log('The functions have started anew, and write to Dynamics.');
}

/** Waits for a line on the terminal. */
async function typed(line: string): Promise<void> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin });
  await new Promise<void>((resolve) => {
    lines.on('line', (text) => text.trim() === line && resolve());
  });
  lines.close();
}
