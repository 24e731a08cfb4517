// Measure 4: how fast a queue drains, against Dataverse's limits, by what an operation costs there.
import { runChild } from './child.ts';
import { LIMITS, PLACES } from './defaults.ts';
import type { DrainCase, Drained } from './draining/drain.ts';
import { leastSeconds } from './draining/least.ts';
import { plotLines } from './plot.ts';
import type { Figure, Measure, Plot } from './report.ts';

const SEED = 20_261_124;
/** Of one request: the network, and what Dataverse does around the operations, in ms. */
const REQUEST_MS = 60;
/** What an operation may cost, in ms. */
const COSTS = [5, 20, 50] as const;
/** That of the runs with several processes, in ms. */
const USUAL_COST = 20;
const SEVERAL = [4, 10, 40] as const;

interface Run {
  readonly processes: number;
  readonly operationMs: number;
  readonly drained: Drained;
}

const perNotification = ({ drained }: Run): number => drained.requests / drained.notifications;

function ofLeast({ drained, processes, operationMs }: Run): number {
  const atOnce = Math.min(processes * PLACES, LIMITS.concurrent);
  const executionSeconds = (drained.operations * operationMs) / 1000;
  return drained.seconds / leastSeconds({ requests: drained.requests, executionSeconds, atOnce });
}

export const measureDraining: Measure = async ({ extent, say }) => {
  const drain = async (change: Pick<DrainCase, 'notifications' | 'processes'> & { operationMs: number }) => {
    const { operationMs, processes, notifications } = change;
    const cost = { requestMs: REQUEST_MS, operationMs };
    const drained = await runChild<Drained>('draining/drain.ts', { seed: SEED, notifications, processes, cost });
    say(`${notifications} drained by ${processes} at ${operationMs} ms`);
    return { processes, operationMs, drained };
  };
  const sizes = { small: [1_000, 1_000], usual: [20_000, 5_000], full: [100_000, 20_000] } as const;
  const [notifications, more] = sizes[extent];
  const inTurn = async (cases: readonly (() => Promise<Run>)[]) => {
    const runs: Run[] = [];
    for (const one of cases) runs.push(await one());
    return runs;
  };
  const [alone, several] = await Promise.all([
    inTurn(COSTS.map((operationMs) => () => drain({ notifications, processes: 1, operationMs }))),
    inTurn(SEVERAL.map((processes) => () => drain({ notifications: more, processes, operationMs: USUAL_COST }))),
  ]);
  const all = [...alone, ...several];
  const sent = ({ processes }: Run) => (processes === 1 ? notifications : more);
  return {
    title: 'Draining a queue',
    text: [
      `${notifications.toLocaleString('en')} notifications of the same kind of trace wait when Dataverse comes back. It is empty, and enforces Microsoft's documented limits: ${LIMITS.requests.toLocaleString('en')} requests and ${LIMITS.executionSeconds.toLocaleString('en')} s of execution in any ${LIMITS.windowSeconds} s, ${LIMITS.concurrent} requests at once. A request takes ${REQUEST_MS} ms, and so long for each of its operations as is said. Time is virtual, requests are real. A process has ${PLACES} exchanges at the same time.`,
      'A request that several notifications share is counted once. The least time is the longer of what both limits ask for, for the requests and operations that were really made: window after window is used up as fast as the exchanges of all processes can, and the way there and back counts for nothing.',
    ],
    figures: [
      ...alone.flatMap((run): readonly Figure[] => [
        {
          name: `Requests per notification with a backlog, ${run.operationMs} ms an operation`,
          value: perNotification(run),
          unit: '',
          ...(run.operationMs <= 20 && { bar: { atMost: 0.35 }, shortfall: SHARED_TOO_SELDOM }),
        },
        {
          name: `Time to drain, of the least, ${run.operationMs} ms an operation`,
          value: ofLeast(run),
          unit: '×',
          bar: { atMost: 1.15 },
          shortfall: WAITS_FOR_OTHERS,
        },
      ]),
      {
        name: 'Notifications in quarantine after draining',
        value: all.reduce((sum, { drained }) => sum + drained.quarantined, 0),
        unit: '',
        bar: { atMost: 0 },
      },
      {
        name: 'Notifications lost while draining',
        value: all.reduce((sum, run) => sum + sent(run) - run.drained.notifications - run.drained.quarantined, 0),
        unit: '',
        bar: { atMost: 0 },
      },
    ],
    tables: [
      {
        title:
          'By the cost of an operation, and with more processes, as a scale controller would start them. Runs of several processes drain fewer notifications: compare their rates.',
        columns: [
          'processes',
          'ms an operation',
          'notifications',
          'a second',
          'requests each',
          'operations each',
          'drained after',
          'of the least',
          'conflicts',
          'refused',
          'put back',
        ],
        rows: all.map((run) => [
          run.processes,
          run.operationMs,
          run.drained.notifications,
          (run.drained.notifications / run.drained.seconds).toFixed(1),
          perNotification(run).toFixed(2),
          (run.drained.operations / run.drained.notifications).toFixed(2),
          `${(run.drained.seconds / 60).toFixed(1)} min`,
          `${ofLeast(run).toFixed(2)}×`,
          run.drained.conflicts,
          run.drained.refused,
          run.drained.putBack,
        ]),
      },
    ],
    plots: [plotOf(alone, 'requests'), plotOf(alone, 'execution')],
  };
};

const SHARED_TOO_SELDOM = {
  accepted: 0.7,
  why: 'between two change sets of one batch stands a query that somebody needs, and the host takes messages in lots, whose reads come together and whose writes come together',
};
const WAITS_FOR_OTHERS = {
  accepted: 4,
  why: 'the way there and back takes its share of each place, and notifications about one record wait for each other',
};

/** Either limit over time: what counts in the window that ends then. */
function plotOf(runs: readonly Run[], limit: 'requests' | 'execution'): Plot {
  const ofRun = ({ drained, operationMs }: Run): readonly number[] =>
    limit === 'requests' ? drained.served : drained.servedOperations.map((count) => (count * operationMs) / 1000);
  const title =
    limit === 'requests' ? 'Requests in the last five minutes' : 'Seconds of execution in the last five minutes';
  return {
    file: `bench-draining-${limit}.svg`,
    caption: `${title}, while one process drains the queue, by the cost of an operation`,
    svg: plotLines({
      title,
      x: 'minutes',
      y: limit === 'requests' ? 'requests' : 'seconds',
      series: runs.map((run) => ({ name: `${run.operationMs} ms an operation`, points: inWindows(ofRun(run)) })),
      limit:
        limit === 'requests'
          ? { name: 'limit of requests', at: LIMITS.requests }
          : { name: 'limit of execution', at: LIMITS.executionSeconds },
    }),
  };
}

/** Sums over the window that ends at each fifth second, by minutes. */
function inWindows(perSecond: readonly number[]): readonly (readonly [number, number])[] {
  let sum = 0;
  return perSecond.flatMap((count, at) => {
    sum += count - (perSecond[at - LIMITS.windowSeconds] ?? 0);
    return at % 5 === 0 ? [[at / 60, sum] as const] : [];
  });
}
