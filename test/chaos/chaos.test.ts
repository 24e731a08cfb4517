// The short form of `npm run test:chaos`.
import { expect, test } from 'vitest';
import { runChaos, SCENARIOS } from './scenarios.ts';
import { runWeekend } from './weekend.ts';

const SHORT = ['cut after the commit', 'a worker killed in the middle', 'several at once'];

test('nothing is lost, nothing doubled, whatever fails', async () => {
  const scenarios = SCENARIOS.filter(({ fault }) => SHORT.includes(fault));
  const rows = await runChaos({ seed: 20_261_124, acts: 30, copies: 1, scenarios });
  expect(rows.map(({ fault }) => fault).sort()).toEqual([...SHORT].sort());
  for (const row of rows) expect(row).toMatchObject({ lost: 0, doubled: 0, quarantined: 0 });
}, 180_000);

test('a weekend without Dataverse ends with every appointment there, without anyone', async () => {
  const weekend = await runWeekend(150);
  expect(weekend).toMatchObject({ sent: 150, lost: 0, doubled: 0, quarantined: 0, refused: 0 });
  expect(weekend.drainedInMinutes).toBeLessThan(75);
}, 60_000);
