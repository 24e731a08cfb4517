// `npm run test:chaos`: every fault, and a table of what became of the notifications.
import { runChaos, SCENARIOS } from './scenarios.ts';
import { printTable } from './tally.ts';

const seed = Number(process.env['SEED'] ?? 20_261_124);
console.log(`seed ${seed} (SEED=… chooses another)`);
const rows = await runChaos({
  seed,
  acts: 200,
  scenarios: SCENARIOS,
  onRow: ({ fault, seconds }) => console.log(`${fault}: ${seconds} s`),
});
printTable(rows);
process.exitCode = rows.every(({ lost, doubled, quarantined }) => lost + doubled + quarantined === 0) ? 0 : 1;
