// What a test of the backfill needs: a connected sender, the connector that takes what is read, and what stands in Dynamics.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { LOCAL_APPLICATION, type SenderOptions, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { SENDER_CONTAINER, SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { startPipeline } from './pipeline.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** @param settings of the application */
export async function openDesk(options: SenderOptions, settings: Record<string, string> = {}) {
  const [pipeline, standIn] = await Promise.all([startPipeline(settings), startSender(options)]);
  await pipeline.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  const environment = {
    ...pipeline.environment,
    SENDER_URL: standIn.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    SENDER_REDIRECT_URI: `${LOCAL_APPLICATION.redirectUris[0]}`,
    BACKFILL_PACE: '600',
  };
  const { dataverse, storage } = pipeline;
  const { store, requests } = standIn;

  const connector = async (args: readonly string[], more: Record<string, string> = {}) => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const ask = async () => {
      const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
      return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
    };
    const code = await run(args, { environment: { ...environment, ...more }, print, complain: print, ask });
    return { code, text: lines.join('\n') };
  };
  expect(await connector(['sender', 'connect'])).toMatchObject({ code: 0 });

  return {
    pipeline,
    standIn,
    connector,
    /** The blob of the progress. */
    progress: storage.blobs.getContainerClient(SENDER_CONTAINER).getBlockBlobClient('backfill'),
    /** The command in a process of its own, as far as it lives. */
    start: (args: readonly string[]) => {
      const child = spawn(process.execPath, [MAIN, 'backfill', ...args], {
        env: { PATH: process.env['PATH'] ?? '', ...environment },
      });
      const heard: string[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => heard.push(`${chunk}`));
      const ended = once(child, 'exit').then(([code]) => ({ code, text: heard.join('') }));
      return { child, ended };
    },
    /** Waits until the sender was asked so many times more. */
    asked: async (more: number) => {
      const until = requests.records.length + more;
      await expect.poll(() => requests.records.length, { timeout: 60_000, interval: 10 }).toBeGreaterThan(until);
    },
    /** What the stand-in has, and Dynamics no link of. */
    missing: () => {
      const named = new Set(dataverse.rows.list('rdvs_link').map((row) => row['rdvs_name']));
      return [
        ...[...store.usagers.values()].map(({ id }) => `usager-${id}`),
        ...[...store.profiles.values()].map(({ user_id, organisation_id }) => `profile-${user_id}-${organisation_id}`),
        ...[...store.rdvs.values()].map(({ id }) => `rdv-${id}`),
        ...[...store.absences.values()].map(({ id }) => `absence-${id}`),
      ].filter((name) => !named.has(name));
    },
    /** Contacts and appointments beyond one for each usager and RDV. */
    doubled: () => {
      const rdvs = dataverse.rows.list('appointment').flatMap((row) => row['rdvs_rdvid'] ?? []);
      return {
        contacts: dataverse.rows.list('contact').length - store.usagers.size,
        appointments: rdvs.length - new Set(rdvs).size,
      };
    },
    stop: async () => {
      await standIn.stop();
      await pipeline.stop();
    },
  };
}
