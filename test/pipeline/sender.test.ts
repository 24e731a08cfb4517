// Day one, end to end: connect, subscribe, and what RDV-Solidarités replays stands in Dynamics.
import { expect, onTestFinished, test } from 'vitest';
import { LOCAL_APPLICATION, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { SECRET, startPipeline } from './pipeline.ts';

test('the usagers and RDV of a département arrive by the replay of its webhooks', { timeout: 120_000 }, async () => {
  const [pipeline, standIn] = await Promise.all([startPipeline(), startSender({ allowedHosts: ['127.0.0.1'] })]);
  onTestFinished(async () => {
    await standIn.stop();
    await pipeline.stop();
  });
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const environment = {
    ...pipeline.environment,
    SENDER_URL: standIn.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    SENDER_REDIRECT_URI: `${LOCAL_APPLICATION.redirectUris[0]}`,
    BACKFILL_PACE: '600',
    RDV_WEBHOOK_SECRET: SECRET,
    WEBHOOK_URL: `${pipeline.host.url}/api/notifications`,
  };
  const ask = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  for (const command of ['connect', 'subscribe --yes']) {
    expect(await run(['sender', ...command.split(' ')], { environment, print, complain: print, ask })).toBe(0);
  }
  await standIn.settled();
  await pipeline.host.idle();

  const links = await pipeline.query('rdvs_links?$select=rdvs_name');
  const named = new Set(links.map(({ rdvs_name }) => rdvs_name));
  const { usagers, rdvs } = standIn.store;
  const sent = [...usagers.values()].map(({ id }) => `usager-${id}`);
  expect([...sent, ...[...rdvs.values()].map(({ id }) => `rdv-${id}`)].filter((name) => !named.has(name))).toEqual([]);
  expect(pipeline.events('notification.quarantined')).toEqual([]);
});
