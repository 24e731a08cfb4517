// What commands say, in the language of the person who runs them.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/main.ts';

async function command(args: readonly string[], locale?: string, environment: Record<string, string> = {}) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(...line.split('\n'));
  const code = await run(args, { environment, locale, print, complain: print });
  return { code, lines };
}

/** Commands, by the words that call them. */
const IN_FRENCH = [
  ['provision'],
  ['check'],
  ['links', 'suggest'],
  ['links', 'import'],
  ['backfill'],
  ['quarantine', 'list'],
  ['quarantine', 'show'],
  ['quarantine', 'replay'],
  ['quarantine', 'discard'],
  ['held', 'list'],
  ['held', 'release'],
  ['samples'],
  ['reconcile'],
  ['erase'],
  ['send'],
  ['duplicates', 'find'],
  ['calendar'],
  ['explain'],
  ...['connect', 'status', 'disconnect', 'subscribe', 'unsubscribe'].map((name) => ['sender', name]),
];

test.each(IN_FRENCH)('the help of %s %s has no sentence of the other language', async (...names) => {
  const english = await command([...names, '--help', '--lang', 'en']);
  const french = await command([...names, '--help', '--lang', 'fr']);
  expect([english.code, french.code]).toEqual([0, 0]);
  // The line of usage holds names alone, and a date is the same in both.
  const sentences = french.lines.slice(1).filter((line) => /[a-z]{2,} [a-z]{2,}/.test(line));
  const same = sentences.filter((line) => english.lines.includes(line));
  expect(same).toEqual([]);
});

test.each([
  ['fr-FR', [], /^DATAVERSE_URL : attendu|Réglages à corriger/],
  ['fr', [], /Réglages à corriger/],
  ['en-GB', [], /^Settings to fix/],
  [undefined, [], /^Settings to fix/],
  ['fr-FR', ['--lang', 'en'], /^Settings to fix/],
  ['en-GB', ['--lang=fr'], /Réglages à corriger/],
])('the locale %s with %j', async (locale, options, expected) => {
  const { code, lines } = await command(['provision', ...options], locale);
  expect(code).toBe(1);
  expect(lines[0]).toMatch(expected);
});

test('a language that is not there is refused with those that are', async () => {
  const { code, lines } = await command(['check', '--lang', 'de']);
  expect(code).toBe(1);
  expect(lines.join()).toMatch(/fr, en/);
});

test.each([
  [['reconcile', '--dry-run'], /^Réglages à corriger/],
  [['erase', 'usager-0'], /un usager est attendu, comme usager-12/],
  [['explain', 'absent.json'], /^Impossible de lire absent.json/],
  [['calendar', '--agent', 'agent@example.org', '--from', '2026'], /un jour est attendu, comme 2026-01-05/],
  [['send', 'absent.json'], /^absent\.json : illisible/],
  [['send', 'absent.json', '--url', 'ftp://rdv.example.org'], /Une adresse http ou https est attendue/],
])('%j is refused in French', async (args, expected) => {
  const { code, lines } = await command(args, 'fr-FR');
  expect(code).toBe(1);
  expect(lines.join('\n')).toMatch(expected);
});
