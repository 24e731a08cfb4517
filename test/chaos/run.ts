// `npm run test:chaos`: every fault, and a table of what became of the notifications.
import { runChaos, SCENARIOS } from './scenarios.ts';
import { printTable } from './tally.ts';
import { runWeekend } from './weekend.ts';

const seed = Number(process.env['SEED'] ?? 20_261_124);
const notifications = Number(process.env['NOTIFICATIONS'] ?? 20_000);
console.log(`seed ${seed} (SEED=… chooses another)`);
const rows = await runChaos({
  seed,
  acts: 200,
  copies: 5,
  scenarios: SCENARIOS,
  onRow: ({ fault, seconds }) => console.log(`${fault}: ${seconds} s`),
});
const weekend = await runWeekend(notifications);
printTable([...rows, weekend]);
console.log(
  `After three days Dynamics is up to date in ${weekend.drainedInMinutes} minutes; ${weekend.refused} requests were refused.`,
);
const failed = [...rows, weekend].filter(({ lost, doubled, quarantined }) => lost + doubled + quarantined > 0);
process.exitCode = failed.length === 0 ? 0 : 1;
