// Measure 4: how fast a queue drains, against Dataverse's limits.
import { runChild } from './child.ts';
import type { DrainCase, Drained } from './draining/drain.ts';
import { plotLines } from './plot.ts';
import type { Measure, Plot } from './report.ts';

const SEED = 20_261_124;
/** One request over the network, in ms. */
const REQUEST_MS = 80;
/** Microsoft Learn, "Service protection API limits": requests in a window, its length, requests at once. */
const LIMITS = { requests: 6_000, windowSeconds: 300, concurrent: 52 };
/** DATAVERSE_CONCURRENCY, by default. */
const PLACES = 8;
const RATIO = { atMost: 1.1 };

/** The least time, in seconds, in which the limits let so many requests pass: window after window, the last one at once. */
export function leastSeconds(requests: number): number {
  const windows = Math.max(0, Math.ceil(requests / LIMITS.requests) - 1);
  const rest = requests - windows * LIMITS.requests;
  return windows * LIMITS.windowSeconds + (Math.ceil(rest / LIMITS.concurrent) * REQUEST_MS) / 1000;
}

/** The limits allow so many in each whole window: a window more or less changes the ratios of times by steps. */
function shareOfFullWindows({ served, seconds }: Drained): number {
  const windows = Math.floor(seconds / LIMITS.windowSeconds);
  const inThem = served.slice(0, windows * LIMITS.windowSeconds).reduce((sum, count) => sum + count, 0);
  return inThem / (windows * LIMITS.requests);
}

const lost = (sent: number, { notifications, quarantined }: Drained): number => sent - notifications - quarantined;

export const measureDraining: Measure = async ({ extent, say }) => {
  const drain = (change: Pick<DrainCase, 'notifications' | 'processes'>) =>
    runChild<Drained>('draining/drain.ts', { seed: SEED, requestMs: REQUEST_MS, ...change });
  const notifications = extent === 'full' ? 100_000 : 20_000;
  const more = extent === 'full' ? notifications : 5_000;
  const [one, [two, four]] = await Promise.all([
    drain({ notifications, processes: 1 }),
    (async () => {
      const second = await drain({ notifications: more, processes: 2 });
      return [second, await drain({ notifications: more, processes: 4 })] as const;
    })(),
  ]);
  say('drained by one, two and four processes');
  const byDefinition = leastSeconds(2 * one.changing);
  const byRequests = leastSeconds(one.requests);
  return {
    title: 'Draining a queue',
    text: [
      `${notifications.toLocaleString('en')} notifications of the same kind of trace wait when Dataverse comes back. It is empty, answers after ${REQUEST_MS} ms, and enforces Microsoft's documented limits: ${LIMITS.requests.toLocaleString('en')} requests in any ${LIMITS.windowSeconds} s, 1,200 s of execution in the same time (here 5 ms for each operation, never the limit that counts), ${LIMITS.concurrent} requests at once (never reached here: four processes have ${4 * PLACES} places). Time is virtual, requests are real.`,
      'The least time that the limits allow counts two requests for each notification that changes a record, and none for the others: window after window is used up at once. The second ratio counts the requests really made, so that nothing hides behind those that memory spares. Windows are whole, so both ratios change by steps: the share of what the full windows allow does not.',
    ],
    figures: [
      {
        name: 'Time to drain, of the least for two requests per change',
        value: one.seconds / byDefinition,
        unit: '×',
        bar: RATIO,
      },
      {
        name: 'Time to drain, of the least for the requests made',
        value: one.seconds / byRequests,
        unit: '×',
        bar: RATIO,
      },
      {
        name: 'Requests served in the full windows, of those allowed',
        value: shareOfFullWindows(one),
        unit: '',
        bar: { atLeast: 0.95 },
      },
      {
        name: 'Notifications in quarantine after draining',
        value: one.quarantined + two.quarantined + four.quarantined,
        unit: '',
        bar: { atMost: 0 },
      },
      {
        name: 'Notifications lost while draining',
        value: lost(notifications, one) + lost(more, two) + lost(more, four),
        unit: '',
        bar: { atMost: 0 },
      },
      { name: 'Notifications that changed a record', value: one.changing, unit: '' },
      { name: 'Requests', value: one.requests, unit: '' },
      { name: 'Requests refused for their rate', value: one.refused, unit: '' },
      { name: 'Messages put back', value: one.putBack, unit: '' },
      { name: 'Time to drain', value: one.seconds / 60, unit: 'min' },
      { name: 'Least time for two requests per change', value: byDefinition / 60, unit: 'min' },
    ],
    tables: [
      {
        title: `More processes: one queue, one application user. Until the limit is reached they add up; then all of them together get ${LIMITS.requests / LIMITS.windowSeconds} requests a second. Notifications about the same record, taken by different processes at once, cost conflicts. The rows of two and four drain fewer notifications: compare their rates, not when they end.`,
        columns: [
          'processes',
          'notifications',
          'requests a second until the limit',
          'limit reached after',
          'drained after',
          'conflicts',
          'refused',
          'put back',
        ],
        rows: (
          [
            [1, one],
            [2, two],
            [4, four],
          ] as const
        ).map(([processes, drained]) => [
          processes,
          drained.notifications,
          rateUntilLimit(drained).toFixed(0),
          drained.secondsToLimit === undefined ? 'never' : `${drained.secondsToLimit.toFixed(0)} s`,
          `${(drained.seconds / 60).toFixed(1)} min`,
          drained.conflicts,
          drained.refused,
          drained.putBack,
        ]),
      },
    ],
    plots: plots(one, { two, four }),
  };
};

function rateUntilLimit({ served, seconds, secondsToLimit = seconds }: Drained): number {
  return (
    served.slice(0, Math.floor(secondsToLimit)).reduce((sum, count) => sum + count, 0) / Math.floor(secondsToLimit)
  );
}

function plots(one: Drained, { two, four }: { two: Drained; four: Drained }): readonly Plot[] {
  const concurrency = inSteps(one.served, 5).map(([at, perSecond]): [number, number] => [
    at / 60,
    (perSecond * REQUEST_MS) / 1000,
  ]);
  return [
    {
      file: 'bench-draining.svg',
      caption: `Requests in flight while one process drains the queue: up to ${PLACES} until the limit, then pauses until the window frees`,
      svg: plotLines({
        title: 'Requests in flight while one process drains the queue',
        x: 'minutes',
        y: 'requests in flight, mean of 5 s',
        series: [{ name: 'one process', points: concurrency, stepped: true }],
        limit: { name: 'places of a process', at: PLACES },
      }),
    },
    {
      file: 'bench-processes.svg',
      caption: 'Requests served in the first minutes with one, two and four processes: all stop at 6,000',
      svg: plotLines({
        title: 'Requests served in the first six minutes',
        x: 'seconds',
        y: 'requests',
        series: [
          { name: 'one process', points: summedUp(one.served) },
          { name: 'two processes', points: summedUp(two.served) },
          { name: 'four processes', points: summedUp(four.served) },
        ],
        limit: { name: '6,000 in five minutes', at: LIMITS.requests },
      }),
    },
  ];
}

/** Means of so many seconds each. */
function inSteps(perSecond: readonly number[], step: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(perSecond.length / step) }, (_, at) => {
    const part = perSecond.slice(at * step, (at + 1) * step);
    return [at * step, part.reduce((sum, count) => sum + count, 0) / step] as const;
  });
}

const SIX_MINUTES = 360;

function summedUp(perSecond: readonly number[]): readonly (readonly [number, number])[] {
  let sum = 0;
  return perSecond.slice(0, SIX_MINUTES).flatMap((count, at) => {
    sum += count;
    return at % 2 === 0 ? [[at, sum] as const] : [];
  });
}
