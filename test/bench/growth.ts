// Measure 6: what an RDV costs as it grows.

import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { startBench } from '../delivery/bench.ts';
import { rdvBody } from './bodies.ts';
import { runChild } from './child.ts';
import type { GrowthCase, SizeSeen } from './growth/worker.ts';
import { plotLines } from './plot.ts';
import type { Measure } from './report.ts';
import { growthExponent, median, withSpread } from './statistics.ts';

const SIZES = [1, 10, 100, 200];
const ROUNDS = 7;
const SPLIT = 500;
const START = Date.parse('2026-11-24T08:00:00Z');
/** Two of at most 900 operations about people, then the RDV: docs/architecture.md, "Two requests". */
const DOCUMENTED_CHANGE_SETS = 3;

export const measureGrowth: Measure = async ({ extent, say }) => {
  const dataverse = await startDataverse();
  await provision(connect({ url: dataverse.url, token: async () => 'local' })());
  const rounds = extent === 'full' ? 3 * ROUNDS : ROUNDS;
  const given: GrowthCase = { dataverseUrl: dataverse.url, sizes: SIZES, rounds };
  const seen = await runChild<readonly SizeSeen[]>('growth/worker.ts', given);
  await dataverse.stop();
  say('CPU by size');
  const changeSets = await changeSetsFor(SPLIT);
  const operations = [await operationsBySize('false'), await operationsBySize('true')] as const;
  const points = seen.map(({ participants, applied }) => ({ size: participants, time: median(applied) }));
  const large = points.filter(({ size }) => size >= 10);
  return {
    title: 'Growth with participants',
    text: [
      `The CPU of a worker in its own process for RDV of ${SIZES.join(', ')} participants: each is created with people whom Dynamics does not know, then marked as seen; nothing is remembered, so each notification reads and writes. The exponent is that of a power of the number of participants, fitted from 10 on: 1 is linear. What is the same for every notification lowers it, so the last step is held against its own bar.`,
      'dynamics-web-api apart: one reading of all people of an RDV through the library and our row readers, beside the same `$batch` over bare `node:http` with `JSON.parse`.',
    ],
    figures: [
      { name: 'Exponent of CPU, 10 to 200 participants', value: growthExponent(large), unit: '', bar: { atMost: 1.1 } },
      {
        name: 'CPU for 200 participants, of that for 100',
        value: timeAt(points, 200) / timeAt(points, 100),
        unit: '×',
        bar: { atMost: 2.5 },
      },
      {
        name: 'Requests for one notification, up to 200 participants',
        value: Math.max(...seen.map(({ requests }) => requests)),
        unit: '',
        bar: { atMost: 2 },
      },
      {
        name: `Change sets for ${SPLIT} participants`,
        value: changeSets,
        unit: '',
        bar: { atMost: DOCUMENTED_CHANGE_SETS },
      },
    ],
    tables: [
      {
        title: 'CPU in ms for one notification, and for one reading: median of the rounds (least–most).',
        columns: ['participants', 'requests', 'applied', 'of which parsed', 'read by the library', 'read bare'],
        rows: seen.map(({ participants, requests, applied, parsed, library, bare }) => [
          participants,
          requests,
          ...[applied, parsed, library, bare].map((times) => withSpread(times, 2)),
        ]),
      },
      {
        title:
          'Operations (queries and writes) for an RDV with people whom Dynamics does not know, then marked as seen for all; with `PARTICIPATIONS` off, and on.',
        columns: ['participants', 'created, off', 'created, on', 'seen, off', 'seen, on'],
        rows: SIZES.map((size, at) => {
          const [off, on] = operations.map((one) => one[at]);
          return [size, off?.created ?? 0, on?.created ?? 0, off?.seen ?? 0, on?.seen ?? 0];
        }),
      },
    ],
    plots: [
      {
        file: 'bench-growth.svg',
        caption: 'CPU for one notification by the number of participants: a line',
        svg: plotLines({
          title: 'CPU for one notification',
          x: 'participants',
          y: 'ms',
          series: [
            { name: 'applied', points: points.map(({ size, time }) => [size, time]) },
            { name: 'read by the library', points: seen.map((one) => [one.participants, median(one.library)]) },
            { name: 'read bare', points: seen.map((one) => [one.participants, median(one.bare)]) },
          ],
        }),
      },
    ],
  };
};

const timeAt = (points: readonly { readonly size: number; readonly time: number }[], wanted: number): number =>
  points.find(({ size }) => size === wanted)?.time ?? Number.NaN;

/** How many change sets a new RDV of so many participants is written in. */
async function changeSetsFor(participants: number): Promise<number> {
  const bench = await startBench();
  await bench.deliver(rdvBody(participants).toString('utf8'));
  const commits = bench.dataverse.requests.filter(({ parts }) => parts !== undefined).length;
  await bench.stop();
  // One of them reads.
  return commits - 1;
}

interface OperationsSeen {
  readonly created: number;
  readonly seen: number;
}

async function operationsBySize(PARTICIPATIONS: 'true' | 'false'): Promise<readonly OperationsSeen[]> {
  const bench = await startBench({ settings: { PARTICIPATIONS } });
  const operationsOf = async (body: Buffer) => {
    const before = bench.dataverse.requests.length;
    await bench.deliver(body.toString('utf8'));
    return bench.dataverse.requests.slice(before).reduce((sum, { parts = 1 }) => sum + parts, 0);
  };
  const counted: OperationsSeen[] = [];
  for (const [at, size] of SIZES.entries()) {
    const rdv = 700_000 + at;
    const created = await operationsOf(rdvBody(size, { rdv, at: START }));
    counted.push({ created, seen: await operationsOf(rdvBody(size, { rdv, at: START + 60_000, status: 'seen' })) });
  }
  await bench.stop();
  return counted;
}
