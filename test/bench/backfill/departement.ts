// A whole département on a virtual clock: the backfill in a thread that is killed, the stand-in of the sender over HTTP, and
// Dynamics as plain maps, because a hundred thousand records through an emulator take an hour.
import { Worker } from 'node:worker_threads';
import { READER, type SenderOptions, startSender } from '../../../local/rdv-solidarites/sender/start-sender.ts';
import type { Reading } from '../../../src/backfill/batches.ts';
import type { Progress } from '../../../src/backfill/progress.ts';
import { writeSnapshot } from '../../../src/rdv-solidarites/snapshot.ts';
import type { Write } from '../../../src/sync/model/plan.ts';
import type { Known, ReadRequest } from '../../../src/sync/model/rows.ts';
import { MemoryDynamics } from '../../sync/memory-dynamics.ts';
import type { Answer, Question, ReaderOptions, Told } from './reader.ts';
import { sharedClock, startSharedTime } from './shared-time.ts';

export interface DepartementCase {
  readonly size: NonNullable<SenderOptions['size']>;
  readonly kills: number;
  readonly perMinute: number;
  readonly say: (line: string) => void;
}

export interface BroughtOver {
  /** Memberships, RDV and absences of the stand-in. */
  readonly records: number;
  /** Records handed over, those after a kill again. */
  readonly sent: number;
  readonly missing: number;
  readonly doubled: number;
  readonly senderRequests: number;
  /** Readings and change sets: each is one request. */
  readonly dataverseRequests: number;
  readonly operations: number;
  /** Of the sender's time. */
  readonly minutes: number;
  /** What the thread of the backfill held after each batch, in MB. */
  readonly memory: readonly number[];
}

/** Counts as the connector asks: one request for each reading, one for each change set. */
class CountedDynamics extends MemoryDynamics {
  requests = 0;
  operations = 0;

  override read(request: ReadRequest): Known {
    this.requests += 1;
    return super.read(request);
  }

  override perform(writes: readonly Write[]): void {
    this.requests += 1;
    this.operations += writes.length;
    super.perform(writes);
  }
}

const START = Date.parse('2026-11-24T12:00:00Z');
const SAY_EVERY = 20_000;

export async function bringOver({ size, kills, perMinute, say }: DepartementCase): Promise<BroughtOver> {
  const time = startSharedTime(START);
  const clock = sharedClock(time);
  const sender = await startSender({ size, disorder: 'steady', clock: { now: clock.now, at: () => () => undefined } });
  const { store } = sender;
  const dynamics = new CountedDynamics();
  const records = store.profiles.size + store.rdvs.size + store.absences.size;
  const memory: number[] = [];
  let sent = 0;
  let saved: Progress | undefined;

  const apply = ({ record, version }: Reading) => {
    sent += 1;
    dynamics.now = clock.now();
    const body = writeSnapshot(record, version).toString();
    dynamics.deliver({ body, receivedAt: clock.now(), snapshot: true });
    if (sent % SAY_EVERY === 0) say(`${sent} records applied`);
  };
  const hear = (told: Told): Omit<Answer, 'id'> => {
    if (told.kind === 'token') return { token: sender.tokenFor(READER) };
    if (told.kind === 'reading') apply(told.reading);
    else if (told.kind === 'memory') memory.push(told.megabytes);
    else saved = told.progress;
    return {};
  };
  /** Until it ends, or until so many records were sent: then it is killed, in the midst of whatever it does. */
  const read = (most: number) =>
    new Promise<void>((resolve, reject) => {
      const options: ReaderOptions = { url: sender.url, time, perMinute, progress: saved };
      const thread = new Worker(new URL('reader.ts', import.meta.url), { workerData: options });
      thread.once('error', reject);
      thread.once('exit', () => resolve());
      thread.on('message', ({ id, told }: Question) => {
        if (sent >= most) return void thread.terminate();
        const answer: Answer = { id, ...hear(told) };
        thread.postMessage(answer);
      });
    });
  for (let kill = 1; kill <= kills; kill += 1) await read(Math.round((records * kill) / (kills + 1)));
  await read(Number.POSITIVE_INFINITY);

  const result = {
    records,
    sent,
    ...compareWith(dynamics, store),
    senderRequests: sender.requests.records.length,
    dataverseRequests: dynamics.requests,
    operations: dynamics.operations,
    minutes: (clock.now() - START) / 60_000,
    memory,
  };
  await sender.stop();
  return result;
}

type Store = Awaited<ReturnType<typeof startSender>>['store'];

/** The links that Dynamics should have, by name. */
export const linksOf = (store: Store): string[] => [
  ...[...store.usagers.values()].map(({ id }) => `usager-${id}`),
  ...[...store.profiles.values()].map(({ user_id, organisation_id }) => `profile-${user_id}-${organisation_id}`),
  ...[...store.rdvs.values()].map(({ id }) => `rdv-${id}`),
  ...[...store.absences.values()].map(({ id }) => `absence-${id}`),
];

function compareWith({ rows }: MemoryDynamics, store: Store) {
  const names = new Set<unknown>();
  const rdvs: unknown[] = [];
  let contacts = 0;
  for (const [key, { columns }] of rows) {
    if (key.startsWith('rdvs_link ')) names.add(columns['rdvs_name']);
    if (key.startsWith('contact ')) contacts += 1;
    if (key.startsWith('appointment ') && columns['rdvs_rdvid'] != null) rdvs.push(columns['rdvs_rdvid']);
  }
  return {
    missing: linksOf(store).filter((name) => !names.has(name)).length,
    doubled: rdvs.length - new Set(rdvs).size + Math.max(0, contacts - store.usagers.size),
  };
}
