// `provision --duplicate-rules`: two rules of Dataverse's own duplicate detection, off by default.
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { publishRules } from '../../src/provision/publish-rules.ts';

const NAMES = [
  'RDV-Solidarités : nom de famille et date de naissance',
  'RDV-Solidarités : prénom et date de naissance',
];

async function environment() {
  const { url, rows, stop } = await startDataverse({ token: 'local' });
  onTestFinished(() => stop());
  const provision = async (...flags: string[]) => {
    const lines: string[] = [];
    const keep = (line: string) => void lines.push(line);
    const environment = { DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: 'local' };
    const code = await run(['provision', ...flags], { environment, print: keep, complain: keep });
    return { code, rules: lines.filter((line) => line.includes('uplicate rule')), lines };
  };
  const published = () =>
    rows
      .list('duplicaterule')
      .filter((rule) => rule['statuscode'] === 2)
      .map((rule) => rule['name'])
      .sort();
  return { url, rows, provision, published };
}

test('rules are made and published when they are asked for, once', async () => {
  const { rows, provision, published } = await environment();
  await provision();
  expect(rows.list('duplicaterule')).toEqual([]);
  const dry = await provision('--dry-run', '--duplicate-rules');
  expect(dry.lines.slice(-2)).toEqual(NAMES.map((name) => `# would be published, if it is not: ${name}`));
  expect(rows.list('duplicaterule')).toEqual([]);

  const first = await provision('--duplicate-rules');
  expect(first).toMatchObject({ code: 0, rules: NAMES.map((name) => `duplicate rule “${name}”: published`) });
  expect(published()).toEqual(NAMES);
  const conditions = rows.list('duplicaterulecondition');
  expect(conditions.map((one) => [one['baseattributename'], one['operatorcode'], one['operatorparam']])).toEqual([
    ['lastname', 1, 4],
    ['birthdate', 3, null],
    ['firstname', 1, 4],
    ['birthdate', 3, null],
  ]);
  const again = await provision('--duplicate-rules');
  expect(again.rules).toEqual(NAMES.map((name) => `duplicate rule “${name}”: unchanged`));
  expect(rows.list('duplicaterulecondition')).toHaveLength(4);
});

/** Publishes without the rest of `provision`. */
const publish = (url: string) => publishRules(connect({ url, token: async () => 'local' })(), () => setTimeout(20));

test('what people changed of a rule stays, and it is published again', async () => {
  const { url, rows, published } = await environment();
  await publish(url);
  const [rule] = rows.list('duplicaterule');
  const [condition] = rows.list('duplicaterulecondition');
  rows.update('duplicaterule', String(rule?.['duplicateruleid']), { statuscode: 0 });
  rows.update('duplicaterulecondition', String(condition?.['duplicateruleconditionid']), { operatorparam: 6 });
  expect((await publish(url)).map(({ result }) => result)).toEqual(['published', 'unchanged']);
  expect(published()).toEqual(NAMES);
  expect(rows.list('duplicaterulecondition').map((one) => one['operatorparam'])).toContain(6);
});

test('a rule left without conditions by an interrupted run is completed', async () => {
  const { url, rows, published } = await environment();
  await publish(url);
  for (const rule of rows.list('duplicaterule')) {
    rows.update('duplicaterule', String(rule['duplicateruleid']), { statuscode: 0 });
  }
  for (const condition of rows.list('duplicaterulecondition')) {
    rows.remove('duplicaterulecondition', String(condition['duplicateruleconditionid']));
  }
  await publish(url);
  expect(published()).toEqual(NAMES);
  expect(rows.list('duplicaterulecondition')).toHaveLength(4);
});

test('a sixth rule is refused and named; everything else is done', async () => {
  const { rows, provision, published } = await environment();
  await provision();
  for (const at of [1, 2, 3, 4]) {
    rows.insert('duplicaterule', { name: `Essai ${at}`, baseentityname: 'contact', statuscode: 2 });
  }
  const { code, rules, lines } = await provision('--duplicate-rules');
  expect(code).toBe(3);
  expect(rules.slice(0, 2)).toEqual([
    `duplicate rule “${NAMES[0]}”: published`,
    expect.stringMatching(/prénom et date de naissance”: refused: HTTP 400 0x80048419/),
  ]);
  expect(lines.at(-1)).toMatch(/^The connector works. 1 duplicate rules were refused/);
  expect(published()).toHaveLength(5);
});
