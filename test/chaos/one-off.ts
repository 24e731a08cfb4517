import { runChaos, SCENARIOS } from './scenarios.ts';
import { printTable } from './tally.ts';
const rows = await runChaos({ seed: 5, acts: 60, scenarios: SCENARIOS.filter(s => process.argv.slice(2).some(a => s.fault.includes(a))), onRow: r => console.log(JSON.stringify(r)) });
printTable(rows);
