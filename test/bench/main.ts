// `npm run bench [-- measures] [-- --full | --small]`: measures, writes docs/benchmarks.md, and fails when a bar does not hold
// (report.ts, `fails`).
//
// Named measures are only printed: the document is of one run of all.
import { parseArgs } from 'node:util';
import { printReport, writeDocument } from './document.ts';
import { isMeasure, MEASURES, runMeasures } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean' }, small: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !isMeasure(name));
if (unknown.length > 0) {
  console.error(`No measure ${unknown.join(', ')}. There are: ${MEASURES.join(', ')}.`);
  process.exit(2);
}
const startedAt = performance.now();
const names = positionals.length > 0 ? positionals.filter(isMeasure) : MEASURES;
const extent = values.full ? 'full' : values.small ? 'small' : 'usual';
const finished = await runMeasures(names, extent);
const minutes = (performance.now() - startedAt) / 60_000;

for (const one of finished) printReport(one);
console.log(`\n${minutes.toFixed(1)} minutes`);
if (positionals.length === 0 && extent !== 'small') {
  await writeDocument(finished, { minutes, extent });
  console.log('written: docs/benchmarks.md');
}
const missed = finished.flatMap(({ missed }) => missed);
for (const line of missed) console.error(`below its bar: ${line}`);
process.exitCode = missed.length > 0 ? 1 : 0;
