// `npm start` as a process: it gets ready, and it stops without leaving anything behind.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';

const ANY = {
  FUNCTIONS_PORT: '0',
  DATAVERSE_PORT: '0',
  SENDER_PORT: '0',
  AZURITE_QUEUE_PORT: '0',
  AZURITE_BLOB_PORT: '0',
};
let stop = () => {};
afterEach(() => stop());

/** Runs `npm start`'s command; `seen` waits for a text in its output, `ended` for its end. */
function start(ports: Record<string, string>) {
  const child = spawn(process.execPath, ['local/start.ts'], { env: { ...process.env, ...ports } });
  stop = () => child.kill('SIGKILL');
  let output = '';
  let arrived = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      arrived.resolve();
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
      arrived.resolve();
    });
  });
  const seen = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(output);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`ended before ${pattern}:\n${output}`);
      await arrived.promise;
      arrived = Promise.withResolvers();
    }
  };
  return { child, seen, ended };
}

/** What a click on the agenda makes is on the page of Dynamics a moment later. */
async function bookAndSee(agenda: string, dataverse: string): Promise<void> {
  const form = await (await fetch(`${agenda}rdv/nouveau`)).text();
  const first = (field: string) =>
    new RegExp(`name="${field}".*?<option value="(\\d+)"`, 's').exec(form)?.[1] ?? `no ${field}`;
  const chosen = { motif: first('motif'), agent: first('agent'), usager: first('usager') };
  const body = new URLSearchParams({ ...chosen, debut: '2031-03-04T10:00' });
  const booked = await fetch(`${agenda}rdv`, { method: 'POST', body, redirect: 'manual' });
  const id = booked.headers.get('location')?.replace('/rdv/', '') ?? 'nothing booked';
  const rows = async () => {
    const path = `api/data/v9.2/appointments?$select=rdvs_rdvid&$filter=rdvs_rdvid eq '${id}'`;
    return (await fetch(`${dataverse}${path}`, { headers: { Authorization: 'Bearer local' } })).text();
  };
  await expect.poll(rows, { timeout: 10_000 }).toContain(`"rdvs_rdvid":"${id}"`);
}

test('serves the functions and Dataverse once ready, and stops quickly without leaving anything', async () => {
  const { child, seen, ended } = start(ANY);
  await seen(/Ready in [\d.]+ s\. Ctrl-C to stop\./);
  const [, functions = ''] = await seen(/Functions +(\S+)/);
  const [, dataverse = ''] = await seen(/Dataverse +(\S+)/);
  const [, agenda = ''] = await seen(/Agenda +(\S+)/);
  const [, queues = ''] = await seen(/Queues +(\S+) +\(polled every 00:00:00\.100;/);
  expect((await fetch(functions, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(dataverse)).status).toBe(200);
  await bookAndSee(agenda, dataverse);

  const begin = Date.now();
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(Date.now() - begin).toBeLessThan(3000);
  await expect(fetch(queues)).rejects.toThrow();
});

test('says which variable moves a port that is taken', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, output } = await start({ ...ANY, AZURITE_QUEUE_PORT: `${port}` }).ended;
  server.close();
  expect([code, output]).toEqual([
    1,
    `Port ${port} is already in use. Set AZURITE_QUEUE_PORT to another port (0 = any free one) and start again.\n`,
  ]);
});

test('stops cleanly when it is interrupted while starting', async () => {
  // The first moments are Node's own, and longer on a busy machine: no code of ours runs yet that could heed a signal.
  const moments = [600, 1200, 2400];
  let end: { code: number | null; output: string } = { code: null, output: '' };
  for (const ms of moments) {
    const { child, ended } = start(ANY);
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGTERM');
    end = await ended;
    if (end.code !== null) break;
  }
  expect(end).toEqual({ code: 0, output: '' });
});
