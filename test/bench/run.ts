// Runs measures, each in a process of its own.
import { runChild } from './child.ts';
import { type Extent, fails, type Report } from './report.ts';

/** Name → file and export. Those that take time by the clock run alone; those that count share the machine. */
export const MEASURES = {
  requests: { alone: false },
  draining: { alone: false },
  memory: { alone: false },
  receiver: { alone: true },
  'cold-start': { alone: true },
  growth: { alone: true },
} as const satisfies Record<string, { readonly alone: boolean }>;

export type MeasureName = keyof typeof MEASURES;

export interface Finished {
  readonly name: string;
  readonly report: Report;
  readonly seconds: number;
  /** Figures below their bar, in words. */
  readonly missed: readonly string[];
}

const isMeasure = (name: string): name is MeasureName => Object.hasOwn(MEASURES, name);

/** Runs the named measures and gives what they found, in the order of their names. */
export async function runMeasures(names: readonly string[], extent: Extent['extent']): Promise<readonly Finished[]> {
  const chosen = names.filter(isMeasure);
  const finished = new Map<string, Finished>();
  const run = async (name: MeasureName) => {
    console.log(`${name} …`);
    const startedAt = performance.now();
    const report = await runChild<Report>('one.ts', { name, extent }, ['--expose-gc']);
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${name}: ${seconds.toFixed(0)} s`);
    finished.set(name, { name, report, seconds, missed: report.figures.filter(fails).map(inWords) });
  };
  await Promise.all(chosen.filter((name) => !MEASURES[name].alone).map(run));
  for (const name of chosen.filter((one) => MEASURES[one].alone)) await run(name);
  return names.flatMap((name) => finished.get(name) ?? []);
}

function inWords({ name, value, unit, bar }: Report['figures'][number]): string {
  const wanted = bar === undefined ? '' : 'atMost' in bar ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`;
  return `${name}: ${value.toFixed(3)} ${unit}, ${wanted} ${unit}`.trim();
}
