// Measure 5: what a process holds.

import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { runChild } from './child.ts';
import type { LargeBodySeen } from './memory/large-body.ts';
import type { MemoryCase, MemorySeen } from './memory/worker.ts';
import { plotLines } from './plot.ts';
import type { Measure } from './report.ts';
import { median } from './statistics.ts';

const BODY_BYTES = 5_000_000;
const GC = ['--expose-gc'];

export const measureMemory: Measure = async ({ extent }) => {
  const notifications = extent === 'full' ? 100_000 : 20_000;
  const dataverse = await startDataverse();
  await provision(connect({ url: dataverse.url, token: async () => 'local' })());
  const forget = setInterval(() => dataverse.clearRequests(), 1000);
  const given: MemoryCase = { dataverseUrl: dataverse.url, notifications };
  const { heap } = await runChild<MemorySeen>('memory/worker.ts', given, GC);
  clearInterval(forget);
  await dataverse.stop();
  const large = await runChild<LargeBodySeen>('memory/large-body.ts', { bytes: BODY_BYTES }, GC);
  const between = (from: number, to: number) =>
    median(
      heap.flatMap(({ notifications: at, megabytes }) =>
        at > from * notifications && at <= to * notifications ? [megabytes] : [],
      ),
    );
  const [middle, end] = [between(0.75, 0.88), between(0.88, 1)];
  return {
    title: 'Memory',
    text: [
      `A worker alone in its process delivers ${notifications.toLocaleString('en')} notifications to a Dataverse in another process: each RDV is created, then marked, which the sender says twice. Its memory of rows is bounded (5,000 of each kind) and full after three quarters of them. Heap and buffers are measured after a collection, twenty times: the median of the last eighth is compared with that of the eighth before.`,
      `A body of ${large.megabytes.toFixed(1)} MB (an RDV of ${large.participants.toLocaleString('en')} participants, far beyond any real one) is received, then parsed: heap and buffers above what they held before, seen when each is done, before anything is collected; inside of a step they may have held more.`,
    ],
    figures: [
      {
        name: 'Heap at the end, of the heap when its memory had filled',
        value: end / middle,
        unit: '×',
        bar: { atMost: 1.05 },
      },
      { name: 'Heap at the end', value: end, unit: 'MB' },
      { name: 'A body of 5 MB received', value: large.received, unit: 'MB' },
      { name: 'A body of 5 MB parsed', value: large.parsed, unit: 'MB' },
    ],
    plots: [
      {
        file: 'bench-memory.svg',
        caption: 'Heap of a worker after collection: it grows while its bounded memory fills, then stays',
        svg: plotLines({
          title: 'Heap of a worker, after collection',
          x: 'notifications',
          y: 'MB',
          series: [{ name: 'heap', points: heap.map((one) => [one.notifications, one.megabytes] as const) }],
        }),
      },
    ],
  };
};
