// Measure 8: a département brought over, by a command that is killed five times, while people go on working.

import { makeNotification, makeRdv, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { LARGE, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { SENDER_CONTAINER, SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { openWorkshop, type Workshop } from '../pipeline/workers.ts';
import { type Command, connectTo, startBackfill } from './backfill/command.ts';
import type { Measure } from './report.ts';
import { median, quantile } from './statistics.ts';

const SMALLER = { organisations: 3, agents: 5, usagers: 500, rdvs: 1_000 };
const KILLS = 5;
const PACE = 40;
/** Live notifications: one each so many ms, alone for so long. */
const LIVE_EVERY_MS = 500;
const ALONE_MS = 20_000;

export const measureBackfill: Measure = async ({ extent, say }) => {
  const size = extent === 'full' ? LARGE : SMALLER;
  const [workshop, sender] = await Promise.all([openWorkshop(), startSender({ size, disorder: 'steady' })]);
  await workshop.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  const environment = await connectTo(sender, workshop.connectionString, workshop.dataverse.url);
  await workshop.hire();
  await workshop.hire({ WORKS_ON: 'snapshots' });

  const live = keepLive(workshop);
  await pause(ALONE_MS);
  const alone = delays(workshop, 0);
  say(`alone: ${alone.length} live notifications, median ${median(alone).toFixed(0)} ms`);

  const beganAt = performance.now();
  const asked = countRequests(sender);
  const aim = (size.rdvs / 50 + size.usagers / 100) / (KILLS + 1);
  const memory: number[] = [];
  let command: Command;
  for (let kill = 0; ; kill += 1) {
    command = startBackfill(environment, (megabytes) => memory.push(megabytes));
    if (kill === KILLS) break;
    const until = asked() + aim;
    while (asked() < until && command.isAlive()) await pause(20);
    await command.kill();
    await workshop.storage.blobs
      .getContainerClient(SENDER_CONTAINER)
      .getBlobClient('backfill')
      .getBlobLeaseClient()
      .breakLease(0)
      .catch(() => undefined);
  }
  const { code, text } = await command.ended;
  const seconds = (performance.now() - beganAt) / 1000;
  live.stop();
  say(text.trim().split('\n').slice(-5).join('\n  '));
  await workshop.idle();

  const during = delays(workshop, alone.length);
  const done = workshop.events('notification.done').filter(({ change }) => change === 'snapshot');
  const dataverseRequests = done.reduce((sum, { requests }) => sum + Number(requests), 0);
  const { missing, doubled } = compare(workshop, sender, live.sent());
  const records = sender.store.profiles.size + sender.store.rdvs.size + sender.store.absences.size;
  const requests = asked();
  const part = (from: number, to: number) => median(memory.slice(from * memory.length, to * memory.length));
  await Promise.all([workshop.stop(), sender.stop()]);
  return {
    title: 'Backfill',
    text: [
      `${size.rdvs.toLocaleString('en')} RDV and ${size.usagers.toLocaleString('en')} usagers of ${size.organisations} organisations, read at the API of the stand-in by the command in its own process, which is killed ${KILLS} times and started again; its requests leave at 600 a minute, and are told at ${PACE}. One process applies snapshots, another live notifications, two a second, first alone and then beside.`,
    ],
    figures: [
      { name: 'The command ended with', value: code ?? Number.NaN, unit: '', bar: { atMost: 0 } },
      { name: 'Records missing in Dynamics', value: missing, unit: '', bar: { atMost: 0 } },
      { name: 'Rows doubled in Dynamics', value: doubled, unit: '', bar: { atMost: 0 } },
      {
        name: 'Median delay of live notifications, of that when alone',
        value: median(during) / median(alone),
        unit: '×',
        bar: { atMost: 1.2 },
      },
      {
        name: '95th percentile of that delay, of that when alone',
        value: quantile(during, 0.95) / quantile(alone, 0.95),
        unit: '×',
      },
      { name: 'Requests to RDV-Solidarités, repetitions included', value: requests, unit: '' },
      { name: `At ${PACE} a minute`, value: requests / PACE, unit: 'min' },
      {
        name: 'Requests to Dataverse for a record',
        value: dataverseRequests / records,
        unit: '',
        bar: { atMost: 2.5 },
      },
      { name: 'Records applied in a second, by one process', value: done.length / seconds, unit: '' },
      {
        name: 'Memory of the command in the last quarter, of the second',
        value: part(0.75, 1) / part(0.25, 0.5),
        unit: '×',
      },
      { name: 'Memory of the command at most', value: Math.max(...memory), unit: 'MB' },
    ],
  };
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a live notification from time to time: each is an RDV of its own. */
function keepLive(workshop: Workshop) {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    const now = Date.now();
    const data = makeRdv({ id: 5_000_000 + sent });
    const body = senderJson(
      makeNotification({ model: 'Rdv', event: 'created', data, at: new Date(now).toISOString() }),
    );
    void workshop.enqueue(body, now);
  }, LIVE_EVERY_MS);
  return { sent: () => sent, stop: () => clearInterval(timer) };
}

/** The delays of live notifications after the first so many, ms. */
const delays = (workshop: Workshop, skipped: number) =>
  workshop
    .events('notification.done')
    .filter(({ change }) => change !== 'snapshot')
    .slice(skipped)
    .map(({ delayMs }) => Number(delayMs));

type StandIn = Awaited<ReturnType<typeof startSender>>;

/** The journal forgets old requests. */
function countRequests({ requests }: StandIn): () => number {
  let former = 0;
  return () => {
    former += requests.records.length;
    requests.clear();
    return former;
  };
}

function compare({ dataverse }: Workshop, { store }: StandIn, live: number) {
  const named = new Set(dataverse.rows.list('rdvs_link').map((row) => row['rdvs_name']));
  const wanted = [
    ...[...store.usagers.values()].map(({ id }) => `usager-${id}`),
    ...[...store.profiles.values()].map(({ id }) => `profile-${id}`),
    ...[...store.rdvs.values()].map(({ id }) => `rdv-${id}`),
    ...[...store.absences.values()].map(({ id }) => `absence-${id}`),
  ];
  const rdvs = dataverse.rows.list('appointment').flatMap((row) => row['rdvs_rdvid'] ?? []);
  return {
    missing: wanted.filter((name) => !named.has(name)).length,
    doubled: Math.abs(rdvs.length - store.rdvs.size - live) + (rdvs.length - new Set(rdvs).size),
  };
}
