// The queries of alerts and workbook: read by Microsoft's parser, held to what the code logs, and run over its lines.
import { readdirSync, readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { run, type Tables } from './kql/evaluate.ts';
import { descendants, type Node, nameOf, parse } from './kql/parse.ts';
import { logEvents } from './log-events.ts';
import { outage } from './outage.ts';
import { BAD_DAY, GOOD_DAY, SILENCE } from './recorded-lines.ts';
import { at, type Json, SNAPSHOTS } from './snapshot.ts';

const FOLDER = new URL('../../infra/queries/', import.meta.url);
const QUERIES = new Map(
  readdirSync(FOLDER).map((file) => [file.replace('.kql', ''), readFileSync(new URL(file, FOLDER), 'utf8')]),
);
const query = (name: string) => QUERIES.get(name) ?? '';
const events = logEvents();

describe.each([...QUERIES])('%s', (_, text) => {
  const { problems, tree } = parse(text);

  test('is a query that Azure accepts', () => {
    expect(problems).toEqual([]);
  });

  test('reads only events and fields that the code logs', () => {
    const named = literals(tree).flatMap((literal) => {
      const [, prefixed] = /^\{"event":"([a-z.-]+)"$/.exec(literal) ?? [];
      return prefixed ?? (/^(notification|watch|dataverse|settings)\.[a-z-]+$/.test(literal) ? literal : []);
    });
    const fields = fieldsRead(tree).filter((field) => field !== 'event');
    if (fields.length > 0) expect(named).not.toEqual([]);
    for (const event of named) expect([...events.keys()]).toContain(event);
    const logged = new Set(named.flatMap((event) => [...(events.get(event)?.all ?? [])]));
    for (const field of fields) expect([...logged]).toContain(field);
  });
});

describe('alerts', () => {
  const alerts = SNAPSHOTS[0]?.ofType('Microsoft.Insights/scheduledQueryRules') ?? [];
  const criterion = (name: string) =>
    at(
      alerts.find((alert) => alert.name.endsWith(`-${name}`)),
      'properties.criteria.allOf.0',
    );
  const names = [
    'heartbeat',
    'poison',
    'poison-moved',
    'server-errors',
    'misconfigured',
    'secret-discarded',
    'daily-cap',
  ];
  names.push(
    'oldest-message',
    'held',
    'snapshots-waiting',
    'signature',
    'quarantined',
    'quarantine-expiring',
    'throttled',
  );
  names.push('refused', 'calendars-failed', 'watch-failed', 'surprises', 'silent');
  names.push('reconcile-healed', 'reconcile-rights', 'reconcile-stopped');

  test('are all of those, and each runs the query of its name', () => {
    expect(alerts).toHaveLength(names.length);
    const limit = /let warnAfterSeconds = \d+;/;
    for (const name of names) {
      expect(String(at(criterion(name), 'query')).replace(limit, ''), name).toBe(query(name).replace(limit, ''));
    }
  });

  test.each(names)('%s: quiet on a good day, raised on a bad one', (name) => {
    const bad = name === 'heartbeat' ? SILENCE : BAD_DAY;
    expect([fires(criterion(name), GOOD_DAY), fires(criterion(name), bad)]).toEqual([false, true]);
  });
});

test('each line begins with its event, which queries look for, and names the version that wrote it', () => {
  const lines = GOOD_DAY['traces']?.map(({ message }) => String(message)).filter((line) => line.startsWith('{')) ?? [];
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    expect(line).toMatch(/^\{"event":"/);
    expect(JSON.parse(line)).toMatchObject({ version: manifest.version });
  }
});

test('each query is used, under its own name', () => {
  const used = ['alert-rules', 'workbook'].flatMap((module) => {
    const source = readFileSync(new URL(`../modules/${module}.bicep`, FOLDER), 'utf8');
    const items = [
      ...source.matchAll(/name: '(?:\$\{prefix\}-)?([\w-]+)'\n|loadTextContent\('\.\.\/queries\/([\w-]+)\.kql'\)/g),
    ];
    return items.flatMap(([, , file], index) => (file === undefined ? [] : { name: items[index - 1]?.[1], file }));
  });
  for (const { name, file } of used) expect(file).toBe(name);
  expect([...new Set(used.map(({ file }) => file))].toSorted()).toEqual([...QUERIES.keys()].toSorted());
});

describe('the workbook, on a bad day', () => {
  test('per hour: received, refused, applied, stale, retried, quarantined', () => {
    expect(run(query('outcomes'), BAD_DAY)).toEqual([
      {
        timestamp: new Date('2026-12-01T08:00:00Z'),
        Reçues: 4,
        Refusées: 13,
        Appliquées: 2,
        Inchangées: 1,
        Périmées: 1,
        Ignorées: 0,
        'Remises en file': 22,
        'En quarantaine': 1,
      },
      {
        timestamp: new Date('2026-12-01T09:00:00Z'),
        Reçues: 1,
        Refusées: 0,
        Appliquées: 0,
        Inchangées: 0,
        Périmées: 0,
        Ignorées: 1,
        'Remises en file': 0,
        'En quarantaine': 0,
      },
    ]);
  });

  test('delay from receipt to Dynamics: median and 95th percentile, in seconds', () => {
    expect(run(query('delay'), BAD_DAY)).toEqual([
      { timestamp: new Date('2026-12-01T08:00:00Z'), 'Médiane (s)': 2, '95e centile (s)': 90 },
    ]);
  });

  test('what waits, and since when', () => {
    expect(run(query('depth'), BAD_DAY)).toEqual([
      {
        timestamp: new Date('2026-12-01T08:30:00Z'),
        'En file': 40,
        'Instantanés en file': 4_000,
        Retenues: 12,
        'File d’échec': 1,
        Quarantaine: 3,
        'Plus ancien message (min)': 40,
      },
    ]);
  });

  test('requests to Dataverse and throttling', () => {
    expect(run(query('throttling'), BAD_DAY)).toMatchObject([
      { 'Requêtes à Dataverse': 7, Conflits: 1, 'Ralentissements (429)': 21 },
      { 'Requêtes à Dataverse': 0, 'Ralentissements (429)': 0 },
    ]);
  });

  test('which secret is in use', () => {
    expect(run(query('secrets'), BAD_DAY)).toMatchObject([
      { Secret: 'RDV_WEBHOOK_SECRET', Notifications: 4 },
      { Secret: 'RDV_WEBHOOK_SECRET_PREVIOUS', Notifications: 1 },
    ]);
  });

  test('failures by kind', () => {
    expect(run(query('failures'), BAD_DAY)).toMatchObject([
      { Nature: 'transient', Code: '0x80072322', Notifications: 21 },
      { Nature: 'configuration', Code: '0x80040220', Notifications: 1 },
      { Nature: 'quarantine', Code: 'not-json', Notifications: 1 },
    ]);
  });

  test('per source', () => {
    expect(run(query('sources'), BAD_DAY)).toMatchObject([
      { Source: '(sans)', Reçues: 4, Appliquées: 1, 'Remises en file': 22 },
      { Source: 'mds-test', Reçues: 1, Appliquées: 1, 'En quarantaine': 1 },
    ]);
  });

  test.each(['quarantined', 'misconfigured', 'secret-discarded'])('%s is a table with lines', (name) => {
    expect(run(query(name), BAD_DAY)).not.toEqual([]);
  });
});

/** Events that ring nothing, each with the reason. */
const QUIET: Record<string, string> = {
  'notification.received': 'the usual course',
  'notification.ahead': 'the receipt counts instead: no record freezes, and nothing is lost',
  'watch.renewed': 'what waits so long rings as late',
  'calendars.moved': 'the usual course',
  'incidents.settled': 'the usual course',
  'incidents.replayed': 'somebody asked for it in Dynamics, and sees the result there',
  'dataverse.owner-refused': 'the rows went to the next owner; `check` names the refused one',
};

test('each event that the code logs is read by an alert, or has a reason to ring nothing', () => {
  const alerting = readFileSync(new URL('../modules/alert-rules.bicep', FOLDER), 'utf8');
  const rung = [...QUERIES]
    .filter(([name]) => alerting.includes(`'../queries/${name}.kql'`))
    .flatMap(([, text]) => [...events.keys()].filter((event) => text.includes(event)));
  expect([...new Set([...rung, ...Object.keys(QUIET)])].toSorted()).toEqual([...events.keys()].toSorted());
});

describe('notifications that were put back and wait, hidden from any look at the queue', () => {
  const rule = SNAPSHOTS[0]
    ?.ofType('Microsoft.Insights/scheduledQueryRules')
    .find(({ name }) => name.endsWith('-oldest-message'));
  const [every, window] = ['evaluationFrequency', 'windowSize'].map((name) =>
    Temporal.Duration.from(String(at(rule, `properties.${name}`))).total('milliseconds'),
  );

  test.each([1, 3, 30])('%i of them ring within 35 minutes, and until the outage ends', async (count) => {
    const { traces, began, ended } = await outage(count, { hours: 15 });
    const rings = [];
    for (let now = began; now < ended; now += every ?? 0) {
      const seen = traces.filter(
        ({ timestamp }) => Number(timestamp) > now - (window ?? 0) && Number(timestamp) <= now,
      );
      if (fires(at(rule, 'properties.criteria.allOf.0'), { ...SILENCE, traces: seen }, new Date(now))) rings.push(now);
    }
    const first = (rings[0] ?? ended) - began;
    expect(first).toBeLessThanOrEqual(35 * 60_000);
    expect(rings).toHaveLength(Math.ceil((ended - began - first) / (every ?? 1)));
  });

  test('they are quiet again once each is settled', async () => {
    const { ended, settled } = await outage(3, { hours: 2 });
    const later = new Date(ended + 60_000);
    expect(fires(at(rule, 'properties.criteria.allOf.0'), { ...SILENCE, traces: settled }, later)).toBe(false);
  });
});

/** What Azure Monitor does with a rule that counts rows. */
function fires(criterion: Json | undefined, tables: Tables, now?: Date): boolean {
  const rows = run(String(at(criterion, 'query')), tables, now).length;
  const threshold = Number(at(criterion, 'threshold'));
  return at(criterion, 'operator') === 'LessThan' ? rows < threshold : rows > threshold;
}

function literals(tree: Node): string[] {
  return [...descendants(tree)]
    .filter(({ kind }) => kind === 'LiteralExpression')
    .map((node) => nameOf(node).replace(/^['"](.*)['"]$/, '$1'));
}

/** The fields of a line: `line.outcome`, `line['missing']`. */
function fieldsRead(tree: Node): string[] {
  const paths = [...descendants(tree)].filter(({ kind }) => kind === 'PathExpression' || kind === 'ElementExpression');
  return paths.flatMap(({ children: [root, ...rest] }) =>
    root && nameOf(root) === 'line' ? [nameOf(rest.at(-1) ?? root).replace(/^\['(.*)'\]$/, '$1')] : [],
  );
}
