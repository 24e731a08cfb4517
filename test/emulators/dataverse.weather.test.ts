// Slow networks, outages, chance, and the settings that make them, of the Dataverse emulator.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from './dataverse/emulator.ts';
import { type RawClient, rawClient } from './dataverse/raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
  await client.get('WhoAmI');
});

afterEach(() => dataverse.stop());

const control = (method: string, path: string, body?: unknown) =>
  fetch(dataverse.url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
const timed = async () => {
  const started = performance.now();
  await client.get('WhoAmI');
  return performance.now() - started;
};
const statuses = async (times: number) => {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push((await client.get('WhoAmI')).status);
  return found;
};

describe('delay', () => {
  test('comes after the work: committed first, answered later; the page and the controls do not wait', async () => {
    dataverse.settings.change({ delayMs: 200 });
    const started = performance.now();
    const answer = client.post('contacts', { lastname: 'A' });
    while (dataverse.rows.list('contact').length === 0 && performance.now() - started < 150) {
      await new Promise(setImmediate);
    }
    expect(dataverse.rows.list('contact')).toHaveLength(1);
    expect((await control('GET', '/__requests')).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(200);
    expect((await answer).status).toBe(204);
    expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  });

  test('a range is drawn anew for each answer, the same in every run', async () => {
    const series = async () => {
      dataverse.settings.change({ delayMs: 0 });
      dataverse.settings.change({ delayMs: { min: 0, max: 80, seed: 4 } });
      const found: number[] = [];
      for (let time = 0; time < 6; time += 1) found.push(await timed());
      return found;
    };
    const [first, second] = [await series(), await series()];
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(20);
    const order = (found: number[]) => found.indexOf(Math.max(...found));
    expect(order(first)).toBe(order(second));
  });
});

describe('availability', () => {
  test.each(['503', 'reset'] as const)('down by %s until cleared, over HTTP', async (kind) => {
    expect((await control('POST', '/__faults', { kind, times: -1 })).status).toBe(200);
    for (let time = 0; time < 4; time += 1) {
      const answer = client.post('contacts', { lastname: 'A' }).then(({ status }) => status);
      await (kind === 'reset' ? expect(answer).rejects.toThrow() : expect(answer).resolves.toBe(503));
    }
    expect(await (await control('GET', '/__faults')).json()).toMatchObject([{ kind, times: -1, probability: 1 }]);
    expect(dataverse.rows.list('contact')).toEqual([]);
    expect((await control('DELETE', '/__faults')).status).toBe(204);
    expect((await client.post('contacts', { lastname: 'B' })).status).toBe(204);
  });

  test('a probability hits a share of the requests, the same ones with the same seed', async () => {
    const run = async (seed: number) => {
      dataverse.faults.clear();
      await control('POST', '/__faults', { kind: '503', times: -1, probability: 0.3, seed });
      return statuses(200);
    };
    const first = await run(7);
    const hits = first.filter((status) => status === 503).length;
    expect([hits > 40, hits < 80]).toEqual([true, true]);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  test('`times` counts hits; a miss leaves the request to the next fault; 0 never, 1 always', async () => {
    dataverse.faults.add({ kind: '503', times: 2, probability: 0.5 });
    expect((await statuses(40)).filter((status) => status === 503)).toHaveLength(2);
    expect(dataverse.faults.list()).toEqual([]);
    dataverse.faults.add({ kind: '503', times: -1, probability: 0 });
    dataverse.faults.add({ kind: '401', times: -1 });
    expect(await statuses(20)).toEqual(Array(20).fill(401));
    expect((await control('POST', '/__faults', { kind: '503', probability: 1.5 })).status).toBe(400);
  });
});

describe('settings', () => {
  test('over HTTP: shown, changed one by one, a wrong one explained and without effect', async () => {
    const off = { rowLocks: false, lockStepMs: 0, lockTimeoutMs: 30_000, serviceProtection: false, delayMs: 0 };
    expect(await (await control('GET', '/__settings')).json()).toMatchObject(off);
    const changed = await control('POST', '/__settings', { rowLocks: true, serviceProtection: { requests: 7 } });
    expect(await changed.json()).toMatchObject({ rowLocks: true, serviceProtection: { requests: 7, concurrent: 52 } });
    await control('POST', '/__settings', { lockStepMs: 3 });
    expect(dataverse.settings.current).toMatchObject({ rowLocks: true, lockStepMs: 3 });
    for (const wrong of [
      { rowLock: true },
      { delayMs: -1 },
      { delayMs: { min: 2, max: 1 } },
      { serviceProtection: { requests: 0 } },
      [],
      'x',
    ]) {
      const answer = await control('POST', '/__settings', wrong);
      expect([answer.status, (await answer.text()).length > 20]).toEqual([400, true]);
    }
    expect(dataverse.settings.current).toMatchObject({ rowLocks: true, lockStepMs: 3, delayMs: 0 });
    await expect(startDataverse({ lockStepMs: -1 })).rejects.toThrow(/lockStepMs/);
  });

  test('counts over HTTP, also without locks; cleared without losing the object', async () => {
    const { stats } = dataverse;
    const row = dataverse.rows.insert('contact', { lastname: 'A' });
    await client.patch(`contacts(${row})`, { lastname: 'B' });
    await client.patch(`contacts(${row})`, { lastname: 'C' }, { 'If-Match': 'W/"1"' });
    await client.patch(`contacts(${row})`, { lastname: 'C' }, { 'If-None-Match': '*' });
    await client.batch([[{ method: 'POST', path: 'contacts', body: { contactid: row } }]]);
    expect(await (await control('GET', '/__stats')).json()).toMatchObject({
      commits: 1,
      rollbacks: 3,
      conflicts412: 1,
      duplicateKeys: 2,
      deadlocks: 0,
      lockWaits: 0,
    });
    expect((await control('DELETE', '/__stats')).status).toBe(204);
    expect(stats).toMatchObject({ commits: 0, rollbacks: 0, duplicateKeys: 0 });
  });

  test('flags of the process are JSON', async () => {
    const main = new URL('./dataverse/main.ts', import.meta.url).pathname;
    const flags = ['--port', '0', '--row-locks', 'true', '--delay-ms', '5', '--service-protection', '{"requests":9}'];
    const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = await once(createInterface(child.stdout), 'line');
      const url = String(line).replace(/^Dataverse (.*)\/api\/data\/v9\.2\/$/, '$1');
      expect(await (await fetch(`${url}/__settings`)).json()).toMatchObject({
        rowLocks: true,
        delayMs: 5,
        serviceProtection: { requests: 9, windowMs: 300_000 },
      });
    } finally {
      child.kill();
    }
  });
});
