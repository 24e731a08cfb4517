// `connector reconcile`: an empty Dynamics is filled, and a second run finds nothing to do.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LOCAL_APPLICATION, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { newRun } from '../../src/reconcile/run.ts';
import { openRunStore } from '../../src/reconcile/run-store.ts';
import { SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { startPipeline } from './pipeline.ts';

test('compares, reports ids and columns alone, writes, and shows the run in Dynamics', {
  timeout: 240_000,
}, async () => {
  const size = { organisations: 1, agents: 2, usagers: 6, rdvs: 10, near: 1 };
  const [pipeline, standIn, folder] = await Promise.all([
    startPipeline(),
    startSender({ size }),
    mkdtemp(join(tmpdir(), 'drift-')),
  ]);
  onTestFinished(async () => {
    await Promise.all([standIn.stop(), pipeline.stop(), rm(folder, { recursive: true })]);
  });
  await pipeline.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const environment = {
    ...pipeline.environment,
    SENDER_URL: standIn.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    SENDER_REDIRECT_URI: `${LOCAL_APPLICATION.redirectUris[0]}`,
    BACKFILL_PACE: '600',
  };
  const ask = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  const connector = async (...args: readonly string[]) => {
    lines.length = 0;
    expect([await run(args, { environment, print, complain: print, ask }), ...lines]).toEqual([0, ...lines]);
    const [, healed] = /rétablis : (\d+)/.exec(lines.join('\n')) ?? [];
    return Number(healed);
  };
  await connector('sender', 'connect');

  const file = join(folder, 'drift.csv');
  const toDo = await connector('reconcile', '--dry-run', '--report', file);
  const report = await readFile(file, 'utf8');
  expect(report.trim().split('\n')).toHaveLength(toDo);
  expect(report).toMatch(/^rdv-\d+,would-write,appointment\.\w+/m);
  const names = [...standIn.store.usagers.values()].map(({ last_name }) => last_name);
  expect(names.filter((name) => report.includes(name))).toEqual([]);
  expect(await pipeline.query('rdvs_links')).toEqual([]);

  // A dry run that was killed keeps nobody waiting.
  const killed = { id: 'command-1', kind: 'command', night: null, dryRun: true, now: Date.now() } as const;
  const store = openRunStore(pipeline.storage);
  await store.locked(async ({ run: former, write }) => ({ done: await write(newRun({ ...killed, former })) }));
  expect(await connector('reconcile')).toBe(toDo);
  await pipeline.host.idle();
  expect((await pipeline.query('appointments?$filter=rdvs_rdvid ne null')).length).toBeGreaterThan(0);
  expect(await connector('reconcile')).toBe(0);
  const runs = await pipeline.query('rdvs_runs?$filter=rdvs_kind eq 3&$orderby=rdvs_started asc');
  expect(runs).toHaveLength(2);
  expect(runs[1]?.['rdvs_counts']).toContain('rétablis : 0');
  expect(pipeline.events('notification.quarantined')).toEqual([]);
});
