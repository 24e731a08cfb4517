// Runs measures, each in processes of its own.
import { runChild } from './child.ts';
import { type Extent, fails, type Report } from './report.ts';

/** In the order of the document. */
export const MEASURES = [
  'requests',
  'draining',
  'memory',
  'receiver',
  'cold-start',
  'growth',
  'matching',
  'backfill',
] as const;

export type MeasureName = (typeof MEASURES)[number];

export interface Finished {
  readonly name: string;
  readonly report: Report;
  readonly seconds: number;
  /** Figures below their bar, in words. */
  readonly missed: readonly string[];
}

export const isMeasure = (name: string): name is MeasureName => MEASURES.some((one) => one === name);

/** Runs measures one after the other: each has the machine to itself, and uses what it can of it. */
export async function runMeasures(
  names: readonly MeasureName[],
  extent: Extent['extent'],
): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  for (const name of names) {
    console.log(`${name} …`);
    const startedAt = performance.now();
    const report = await runChild<Report>('one.ts', { name, extent }, ['--expose-gc']);
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${name}: ${seconds.toFixed(0)} s`);
    finished.push({ name, report, seconds, missed: report.figures.filter(fails).map(inWords) });
  }
  return finished;
}

function inWords({ name, value, unit, bar }: Report['figures'][number]): string {
  const wanted = bar === undefined ? '' : 'atMost' in bar ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`;
  return `${name}: ${value.toFixed(3)} ${unit}, ${wanted} ${unit}`.trim();
}
