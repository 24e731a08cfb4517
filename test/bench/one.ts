// One measure in this process: its report goes to standard output, as JSON.
import { given, tell } from './child.ts';
import type { Extent, Measure } from './report.ts';
import type { MeasureName } from './run.ts';

const LOAD: Record<MeasureName, () => Promise<Measure>> = {
  requests: async () => (await import('./requests.ts')).measureRequests,
  draining: async () => (await import('./draining.ts')).measureDraining,
  memory: async () => (await import('./memory.ts')).measureMemory,
  receiver: async () => (await import('./receiver.ts')).measureReceiver,
  'cold-start': async () => (await import('./cold-start.ts')).measureColdStart,
  backfill: async () => (await import('./backfill.ts')).measureBackfill,
  growth: async () => (await import('./growth.ts')).measureGrowth,
  matching: async () => (await import('./matching.ts')).measureMatching,
};

const { name, extent } = given<{ name: MeasureName; extent: Extent['extent'] }>();
const measure = await LOAD[name]();
tell(await measure({ extent, say: (line) => console.error(`  ${line}`) }));
