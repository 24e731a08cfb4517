// `npm run func`: as `npm start`, but the bundle runs in the real host, for those who have Azure Functions Core Tools.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPorts } from './ports.ts';
import { runUntilStopped } from './run.ts';
import { welcome } from './welcome.ts';

const MISSING = `Azure Functions Core Tools ("func") is not on the PATH.
Install it: https://learn.microsoft.com/azure/azure-functions/functions-run-local
(with npm: npm install --global azure-functions-core-tools@4). Without it, use: npm start`;

await runUntilStopped(async (run) => {
  const names = process.platform === 'win32' ? ['func.cmd', 'func.exe'] : ['func'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const func = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (!func) throw new Error(MISSING);

  const { PROJECT, startServices } = await import('./services.ts');
  const { startLocalSender } = await import('./sender.ts');
  const { bundle } = await import('../infra/package/bundle.ts');
  const ports = await readPorts(process.env);
  await bundle();
  const [services, sender] = await Promise.all([startServices(ports, run), startLocalSender(ports, run)]);
  const child = spawn(func, ['start', '--port', `${ports.FUNCTIONS_PORT}`], {
    cwd: fileURLToPath(PROJECT),
    // Its own process group, so that Ctrl-C reaches it once and before its storage goes.
    detached: process.platform !== 'win32',
    shell: func.endsWith('.cmd'),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...services.settings,
      ...sender.settings,
      FUNCTIONS_WORKER_RUNTIME: 'node',
      // The host keeps its timers' schedules there.
      AzureWebJobsStorage: services.settings['NOTIFICATIONS_STORAGE'],
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  run.onStop(() => {
    child.kill('SIGINT');
    return ended;
  });
  const url = `http://127.0.0.1:${ports.FUNCTIONS_PORT}`;
  sender.notify({ url, secret: services.secret });
  console.log(welcome({ functionsUrl: url, isHeld: false, services, sender }));
  throw new Error(`func ended with code ${await ended}`);
});
