// Each alert mail leads to the French page that says what to do.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { at, SNAPSHOTS } from './snapshot.ts';

const page = readFileSync(new URL('../../docs/exploitation.md', import.meta.url), 'utf8');
const anchors = [...page.matchAll(/<a id="([\w-]+)"><\/a>/g)].map(([, name = '']) => name);
const [dev] = SNAPSHOTS;
const alerts = ['scheduledQueryRules', 'metricAlerts', 'activityLogAlerts'].flatMap(
  (type) => dev?.ofType(`Microsoft.Insights/${type}`) ?? [],
);

test.each(alerts.map(({ name }) => name))('%s names its own line of the page', (name) => {
  const alert = alerts.find((one) => one.name === name);
  const [, anchor = ''] =
    /Que faire : docs\/exploitation\.md#([\w-]+)$/.exec(String(at(alert, 'properties.description'))) ?? [];
  expect(anchor).not.toBe('');
  expect(name.endsWith(`-${anchor}`)).toBe(true);
  expect(anchors).toContain(anchor);
});

test('each line of the page belongs to an alert, and bears its title', () => {
  expect(anchors).toHaveLength(alerts.length);
  for (const alert of alerts) {
    const title = at(alert, 'properties.displayName');
    if (title !== undefined) expect(page.replaceAll('’', "'")).toContain(`</a>${String(title).replaceAll('’', "'")} |`);
  }
});
