// Faults on real processes: workers, storage and Dataverse that fail while a history is on its way.
import fc from 'fast-check';
import { clear, stateOf } from '../delivery/bench.ts';
import { openWorkshop, type Workshop } from '../pipeline/workers.ts';
import { historyOf, type Sent } from '../sync/histories.ts';
import { compare, expectedState, type Row } from './tally.ts';

export interface Scenario {
  readonly fault: string;
  /** What goes wrong while the notifications are being worked on. */
  readonly disturb: (workshop: Workshop) => Promise<void>;
}

type Fault = Parameters<Workshop['dataverse']['faults']['add']>[0];

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Single faults, one after the other: the worker meets them between successes. */
const sprinkle =
  (fault: Fault, times: number, everyMs: number) =>
  async ({ dataverse }: Workshop): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      dataverse.faults.add({ ...fault, times: 1 });
      await pause(everyMs);
    }
  };

const growing429 = async ({ dataverse }: Workshop): Promise<void> => {
  for (const retryAfter of [1, 2]) {
    dataverse.faults.add({ kind: '429', times: 4, retryAfter, code: '0x80072322' });
    await pause(retryAfter * 1000);
  }
};

/** The faults that are tried; the seed of the last decides what happens together. */
export const SCENARIOS: readonly Scenario[] = [
  { fault: 'none', disturb: async () => undefined },
  { fault: '429 with growing Retry-After', disturb: growing429 },
  { fault: '503', disturb: sprinkle({ kind: '503' }, 3, 300) },
  { fault: 'HTML from a gateway', disturb: sprinkle({ kind: '502-html' }, 3, 300) },
  { fault: 'HTML behind a 200', disturb: sprinkle({ kind: '200-html' }, 3, 300) },
  { fault: 'token refused once', disturb: sprinkle({ kind: '401' }, 6, 200) },
  { fault: 'SQL time-out', disturb: sprinkle({ kind: '500-sql-timeout' }, 10, 100) },
  { fault: 'SQL deadlock', disturb: sprinkle({ kind: 'deadlock' }, 10, 100) },
  { fault: 'slower than the time limit', disturb: sprinkle({ kind: 'slow', ms: 7000 }, 2, 500) },
  { fault: 'answer stalls', disturb: sprinkle({ kind: 'stall' }, 2, 500) },
  { fault: 'cut before the work', disturb: sprinkle({ kind: 'reset' }, 3, 300) },
  { fault: 'cut during the answer', disturb: sprinkle({ kind: 'truncate' }, 2, 500) },
  { fault: 'cut after the commit', disturb: sprinkle({ kind: 'reset-after-commit' }, 3, 300) },
  { fault: 'broken JSON, broken batches', disturb: (workshop) => bothBroken(workshop) },
  {
    fault: 'a worker killed in the middle',
    disturb: async (workshop) => {
      const victim = await workshop.hire(SETTINGS);
      await pause(400);
      await victim.end('SIGKILL');
    },
  },
  { fault: 'storage stopped and started', disturb: (workshop) => workshop.restartStorage(1500) },
  { fault: 'several at once', disturb: (workshop) => several(workshop) },
];

async function bothBroken(workshop: Workshop): Promise<void> {
  await sprinkle({ kind: 'bad-json' }, 3, 200)(workshop);
  await sprinkle({ kind: 'malformed-batch' }, 3, 200)(workshop);
}

async function several(workshop: Workshop): Promise<void> {
  const kinds = ['503', '429', 'reset-after-commit', 'deadlock', '500-sql', '401'] as const;
  const order = fc.sample(fc.array(fc.constantFrom(...kinds), { minLength: 9, maxLength: 9 }), {
    seed: 7,
    numRuns: 1,
  });
  const victim = await workshop.hire(SETTINGS);
  for (const [at, kind] of (order[0] ?? []).entries()) {
    workshop.dataverse.faults.add({ kind, times: 1, retryAfter: 1 });
    await pause(120);
    if (at === 4) await victim.end('SIGKILL');
  }
}

/** Waits that a test can bear: one second where production waits thirty, five where it waits sixty. */
export const SETTINGS = { RETRY_DELAY_SECONDS: '1', DATAVERSE_TIMEOUT_SECONDS: '5' };

export interface ChaosOptions {
  readonly seed: number;
  /** How much happens in the history of each scenario. */
  readonly acts: number;
  /** How often each body is sent: the sender repeats what it takes for lost. */
  readonly copies: number;
  readonly scenarios: readonly Scenario[];
  readonly onRow?: (row: Row) => void;
}

/** Runs the scenarios one after the other, each with workers of its own: their memory is of their Dynamics. */
export async function runChaos({ seed, acts, copies, scenarios, onRow }: ChaosOptions): Promise<readonly Row[]> {
  const workshop = await openWorkshop();
  try {
    const rows: Row[] = [];
    for (const [at, scenario] of scenarios.entries()) {
      const [sent = []] = fc.sample(historyOf({ acts, pause: 1 }), { seed: seed + at, numRuns: 1 });
      const row = await runOne(workshop, scenario, repeated(renumbered(sent, at), copies));
      onRow?.(row);
      rows.push(row);
    }
    return rows;
  } finally {
    await workshop.stop();
  }
}

/** Receipt times of one scenario after those of another: notification ids are made of them. */
function renumbered(sent: readonly Sent[], round: number): readonly Sent[] {
  return sent.map((one) => ({ ...one, receivedAt: one.receivedAt + round * 1_000_000 }));
}

/** Every body so many times, each repeat received after all bodies before it. */
function repeated(sent: readonly Sent[], copies: number): readonly Sent[] {
  return Array.from({ length: copies }, (_, round) =>
    sent.map((one) => ({ ...one, receivedAt: one.receivedAt + round * 10_000 })),
  ).flat();
}

async function runOne(workshop: Workshop, { fault, disturb }: Scenario, sent: readonly Sent[]): Promise<Row> {
  const startedAt = performance.now();
  clear(workshop.dataverse);
  const workers = await Promise.all([workshop.hire(SETTINGS), workshop.hire(SETTINGS)]);
  const before = countEvents(workshop);
  const disturbance = disturb(workshop);
  await Promise.all(sent.map(({ body, receivedAt }) => enqueueUntilKept(workshop, body, receivedAt)));
  await disturbance;
  await workshop.idle(120_000);
  workshop.dataverse.faults.clear();
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  const after = countEvents(workshop);
  return {
    fault,
    sent: sent.length,
    applied: after.done - before.done,
    retried: after.retried - before.retried,
    quarantined: await workshop.quarantined(),
    ...compare(stateOf(workshop.dataverse), expectedState(sent)),
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

/** The receiver answers 5xx while storage is away, and the sender repeats: so does this. */
async function enqueueUntilKept(workshop: Workshop, body: string, receivedAt: number): Promise<void> {
  for (;;) {
    try {
      return await workshop.enqueue(body, receivedAt);
    } catch {
      await pause(300);
    }
  }
}

function countEvents(workshop: Workshop) {
  const count = (name: string) => workshop.events(name).length;
  return { done: count('notification.done'), retried: count('notification.retried') };
}
