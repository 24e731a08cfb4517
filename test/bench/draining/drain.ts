// Drains a queue of so many notifications with so many processes, and prints how it went. Run by ../draining.ts.
import { MEMORY_LIMITS } from '../../../src/delivery/memory.ts';
import { contentOf } from '../../../src/intake/envelope.ts';
import { startBench } from '../../delivery/bench.ts';
import { given, tell } from '../child.ts';
import type { Cost } from '../timed-connection.ts';
import { rollDice } from '../trace/random.ts';
import { makeTrace } from '../trace/trace.ts';
import { startTime } from '../virtual-time.ts';
import { runWorkers } from '../workers.ts';

export interface DrainCase {
  readonly seed: number;
  readonly notifications: number;
  readonly processes: number;
  readonly cost: Cost;
}

export interface Drained {
  /** Those that were done, each once. */
  readonly notifications: number;
  /** Notifications that changed a record: the `unchanged` ones, which only note the newer version, are left out. */
  readonly changing: number;
  readonly requests: number;
  readonly operations: number;
  readonly refused: number;
  readonly conflicts: number;
  readonly putBack: number;
  readonly quarantined: number;
  readonly seconds: number;
  /** Until Dataverse refused for the first time; absent when it never did. */
  readonly secondsToLimit?: number;
  /** Requests begun in each second, without those refused. */
  readonly served: readonly number[];
  /** Their operations. */
  readonly servedOperations: readonly number[];
}

const { seed, notifications, processes, cost } = given<DrainCase>();
const trace = makeTrace({ seed, notifications });
const start = trace.arrivals.at(-1)?.receivedAt ?? 0;
const time = startTime(start);
const bench = await startBench({
  dataverse: { clock: () => new Date(time.now()), serviceProtection: true, executionMsPerPart: cost.operationMs },
});
const envelopes = trace.arrivals.map(({ body, receivedAt }, at) => {
  return { v: 1, notificationId: `n-${at}`, receivedAt, content: contentOf(Buffer.from(body)) } as const;
});
const drained = await runWorkers(bench, envelopes, {
  time,
  processes,
  cost,
  memory: MEMORY_LIMITS,
  chance: rollDice(seed).next,
});
await bench.stop();

const seconds = (drained.endedAt - start) / 1000;
const served = Array.from({ length: Math.ceil(seconds) + 1 }, () => 0);
const servedOperations = served.map(() => 0);
for (const exchange of drained.exchanges.filter(({ refused }) => !refused)) {
  const at = Math.floor((exchange.at - start) / 1000);
  served[at] = (served[at] ?? 0) + 1;
  servedOperations[at] = (servedOperations[at] ?? 0) + exchange.operations;
}
const first = drained.exchanges.find(({ refused }) => refused);
const result: Drained = {
  notifications: new Set(drained.done.map(({ at }) => at)).size,
  changing: drained.done.filter(({ outcome }) => outcome === 'applied').length,
  requests: drained.exchanges.filter(({ refused }) => !refused).length,
  operations: drained.exchanges.reduce((sum, { operations }) => sum + operations, 0),
  refused: drained.exchanges.filter(({ refused }) => refused).length,
  conflicts: drained.done.reduce((sum, { conflicts }) => sum + conflicts, 0),
  putBack: drained.putBack,
  quarantined: drained.quarantined,
  seconds,
  ...(first === undefined ? {} : { secondsToLimit: (first.at - start) / 1000 }),
  served,
  servedOperations,
};
tell(result);
