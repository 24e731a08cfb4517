// Delivers the trace with so many processes, and prints what it cost. Run by ../requests.ts, one process a case.
import { contentOf } from '../../../src/intake/envelope.ts';
import { startBench } from '../../delivery/bench.ts';
import { given, tell } from '../child.ts';
import { quantile } from '../statistics.ts';
import { rollDice } from '../trace/random.ts';
import { makeTrace, type TraceOptions } from '../trace/trace.ts';
import { startTime } from '../virtual-time.ts';
import { runWorkers } from '../workers.ts';

export interface ReplayCase extends TraceOptions {
  readonly processes: number;
  /** How messages find a process: in batches, as the host takes them, or each by chance. */
  readonly dealt: 'in batches' | 'by chance';
  readonly participations?: 'off';
  /** Exchanges of a process at the same time; default: as deployed. */
  readonly places?: number;
  /** Whether bodies that are equal in the trace stay so. */
  readonly repeats: 'equal' | 'a second apart';
}

export interface Replayed {
  readonly notifications: number;
  readonly requests: number;
  readonly operations: number;
  readonly conflicts: number;
  /** From when a process took a message to its end, in ms. */
  readonly ms: { readonly p50: number; readonly p99: number };
  /** The most that one notification cost, two for each conflict left out. */
  readonly most: number;
  /** Rows of each kind that a process could remember. */
  readonly remembered: number;
  readonly records: number;
  /** Notifications by what they cost, conflicts left out. */
  readonly byCost: readonly number[];
  readonly habits: readonly { readonly habit: string; readonly notifications: number; readonly requests: number }[];
}

const DAY_MS = 86_400_000;
const MEMORY_SHARE = 0.1;
const TEN_MINUTES_MS = 600_000;
const REQUEST_MS = 80;

const { processes, dealt, repeats, participations, places, ...options } = given<ReplayCase>();
const trace = makeTrace({ ...options, repeats });
const time = startTime(trace.arrivals[0]?.receivedAt ?? 0);
const bench = await startBench({
  dataverse: { clock: () => new Date(time.now()) },
  settings: participations === 'off' ? { PARTICIPATIONS: 'false' } : {},
});
for (const [at, body] of trace.before.entries()) await bench.deliver(body, time.now() - DAY_MS + at);
bench.dataverse.clearRequests();

// Of each kind of row a tenth of the rarest kind at most, so that no kind is remembered by more than a tenth; agents apart.
const { usagers, rdvs, memberships } = trace.records;
const remembered = Math.floor(MEMORY_SHARE * Math.min(usagers, rdvs, memberships));
const envelopes = trace.arrivals.map(({ body, receivedAt }, at) => {
  return { v: 1, notificationId: `n-${at}`, receivedAt, content: contentOf(Buffer.from(body)) } as const;
});
const { done, quarantined, putBack } = await runWorkers(bench, envelopes, {
  time,
  processes,
  cost: { requestMs: REQUEST_MS, operationMs: 0 },
  memory: { rows: remembered, ttl: TEN_MINUTES_MS },
  chance: rollDice(options.seed + 1).next,
  dealt,
  ...(places !== undefined && { places }),
});
if (done.length !== envelopes.length || quarantined + putBack > 0) throw new Error('not everything was done at once');
const { requests } = bench.dataverse;
const times = done.map(({ ms }) => ms);
const costs = done.map((one) => one.requests - 2 * one.conflicts);
const result: Replayed = {
  notifications: done.length,
  requests: requests.length,
  operations: requests.reduce((sum, { parts }) => sum + (parts ?? 1), 0),
  conflicts: done.reduce((sum, one) => sum + one.conflicts, 0),
  ms: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
  most: Math.max(...costs),
  remembered,
  records: usagers + rdvs + memberships,
  byCost: [0, 1, 2].map((cost) => costs.filter((one) => one === cost).length),
  habits: [...Map.groupBy(done, ({ at }) => trace.arrivals[at]?.habit ?? '')].map(([habit, ones]) => ({
    habit,
    notifications: ones.length,
    requests: ones.reduce((sum, one) => sum + one.requests - 2 * one.conflicts, 0),
  })),
};
await bench.stop();
tell(result);
