// The quantities that an administrator multiplies by prices are those of the templates.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SNAPSHOTS } from './snapshot.ts';

const quantities = SNAPSHOTS.map((snapshot) => {
  const every = (frequency: string) =>
    snapshot
      .ofType('Microsoft.Insights/scheduledQueryRules')
      .filter((rule) => Object(rule['properties']).evaluationFrequency === frequency).length;
  return [
    every('PT5M'),
    every('PT15M'),
    every('PT1H'),
    snapshot.ofType('Microsoft.Insights/metricAlerts').length,
    snapshot.ofType('Microsoft.Network/privateDnsZones').length,
  ];
});

test.each(['docs/deploiement.md', 'docs/deployment.md'])('%s', async (path) => {
  const text = await readFile(path, 'utf8');
  const table = text.slice(text.search(/^\| Quantit/m)).split('\n\n')[0] ?? '';
  const rows = [...table.matchAll(/^\| .* \| (\d+) \| (\d+) \| (\d+) \| .* \|$/gm)].map(([, ...cells]) =>
    cells.map(Number),
  );
  // One row a quantity, one column a profile: dev, prod, prod-private.
  expect(rows).toHaveLength(5);
  for (const [at, row] of rows.entries()) expect(row).toEqual(quantities.map((profile) => profile[at]));
});
