// A backfill beside live notifications, everything in processes of its own: the command, which is killed and started again, a
// worker for what it reads, a worker for what people do meanwhile.
import { type SenderOptions, startSender } from '../../../local/rdv-solidarites/sender/start-sender.ts';
import { SENDER_CONTAINER, SNAPSHOTS_QUEUE } from '../../../src/storage/names.ts';
import { openWorkshop, type Workshop } from '../../pipeline/workers.ts';
import { type Command, connectTo, startBackfill } from './command.ts';
import { linksOf } from './departement.ts';
import { delaysOf, keepLive } from './live.ts';

export interface BesideCase {
  readonly size: NonNullable<SenderOptions['size']>;
  readonly kills: number;
  /** Of each request to Dataverse, in ms. */
  readonly dataverseMs: number;
  readonly say: (line: string) => void;
}

export interface Beside {
  readonly code: number | null;
  readonly missing: number;
  readonly doubled: number;
  /** Delays of live notifications, in ms: before and after the backfill, and during it. */
  readonly alone: readonly number[];
  readonly during: readonly number[];
  readonly records: number;
  readonly dataverseRequests: number;
  readonly appliedPerSecond: number;
  /** Of the process of the command, in MB. */
  readonly memory: readonly number[];
}

const ALONE_MS = 20_000;

export async function runBeside({ size, kills, dataverseMs, say }: BesideCase): Promise<Beside> {
  const [workshop, sender] = await Promise.all([openWorkshop(), startSender({ size, disorder: 'steady' })]);
  const { store } = sender;
  await workshop.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  const environment = await connectTo(sender, workshop.connectionString, workshop.dataverse.url);
  await workshop.hire();
  await workshop.hire({ WORKS_ON: 'snapshots' });
  workshop.dataverse.settings.change({ delayMs: dataverseMs });

  const live = keepLive(workshop);
  await pause(ALONE_MS);
  const before = delaysOf(workshop).length;
  const beganAt = performance.now();
  const memory: number[] = [];
  const start = () => startBackfill(environment, (megabytes) => memory.push(megabytes));
  const requests = (size.rdvs / 50 + size.usagers / 100) / (kills + 1);
  for (let kill = 0; kill < kills; kill += 1) await killed(start(), { workshop, sender, requests });
  const { code, text } = await start().ended;
  const seconds = (performance.now() - beganAt) / 1000;
  say(text.trim().split('\n').slice(-5).join('\n  '));
  const after = delaysOf(workshop).length;
  await pause(ALONE_MS);
  live.stop();
  await workshop.idle();

  const delays = delaysOf(workshop);
  const done = workshop.events('notification.done').filter(({ change }) => change === 'snapshot');
  const result = {
    code,
    ...compare(workshop, store, live.sent()),
    alone: [...delays.slice(0, before), ...delays.slice(after)],
    during: delays.slice(before, after),
    records: store.profiles.size + store.rdvs.size + store.absences.size,
    dataverseRequests: done.reduce((sum, { requests: made }) => sum + Number(made), 0),
    appliedPerSecond: done.length / seconds,
    memory,
  };
  await Promise.all([workshop.stop(), sender.stop()]);
  return result;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type StandIn = Awaited<ReturnType<typeof startSender>>;

interface KilledAfter {
  readonly workshop: Workshop;
  readonly sender: StandIn;
  readonly requests: number;
}

/** Kills the command after so many requests, and its lease with it: nobody waits here for fifteen seconds. */
async function killed(command: Command, { workshop, sender, requests }: KilledAfter): Promise<void> {
  const until = sender.requests.records.length + requests;
  while (sender.requests.records.length < until && command.isAlive()) await pause(20);
  await command.kill();
  const blob = workshop.storage.blobs.getContainerClient(SENDER_CONTAINER).getBlobClient('backfill');
  await blob
    .getBlobLeaseClient()
    .breakLease(0)
    .catch(() => undefined);
}

function compare({ dataverse }: Workshop, store: StandIn['store'], live: number) {
  const named = new Set(dataverse.rows.list('rdvs_link').map((row) => row['rdvs_name']));
  const rdvs = dataverse.rows.list('appointment').flatMap((row) => row['rdvs_rdvid'] ?? []);
  return {
    missing: linksOf(store).filter((name) => !named.has(name)).length,
    doubled: Math.abs(rdvs.length - store.rdvs.size - live) + (rdvs.length - new Set(rdvs).size),
  };
}
