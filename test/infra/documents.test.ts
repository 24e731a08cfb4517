// What administrators read and run agrees with the templates.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connectorRole } from '../../src/provision/roles.ts';
import { SNAPSHOTS } from './snapshot.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const parametersOf = (path: string) =>
  [...read(path).matchAll(/^param (\w+) .*$/gm)].map(([line, name]) => ({ line, name: name ?? '' }));
const documents = ['docs/deploiement.md', 'docs/deployment.md'];

test('both entry points take the same parameters, with the same limits', () => {
  const declarations = (path: string) => {
    const source = read(path);
    const part = source.slice(source.indexOf('@description('), source.search(/^(var|resource) /m));
    return part.split('\n\n').filter((text) => !/param (location|resourceGroupName) /.test(text));
  };
  expect(declarations('infra/resources.bicep')).toEqual(declarations('infra/main.bicep'));
});

test('main.bicep hands every parameter on', () => {
  const source = read('infra/main.bicep');
  for (const { name } of parametersOf('infra/resources.bicep')) expect(source).toContain(`    ${name}: ${name}\n`);
});

describe.each(documents)('%s', (path) => {
  const text = read(path);

  test('has every parameter in its table', () => {
    const table = text.slice(text.search(/^## Param/m));
    const documented = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names]) =>
      [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
    );
    expect(documented.toSorted()).toEqual(
      parametersOf('infra/main.bicep')
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  test('says of each command of Azure and Power Platform what would prove it', () => {
    const commandsIn = (part: string) =>
      [...part.matchAll(/(?:^|[\s(`])((?:az|azd|pac)(?: [a-z][a-z-]+){1,5})/g)].map(([, command]) => command ?? '');
    const [guide = '', unproven = ''] = text.split(/^## (?:What is not verified|Ce qui n'est pas vérifié)$/m);
    const table = commandsIn(unproven.slice(unproven.indexOf('|---|')));
    const isListed = (command: string) =>
      table.some((one) => `${command} `.startsWith(`${one} `) || one.startsWith(command));
    expect(commandsIn(guide).filter((command) => !isListed(command))).toEqual([]);
  });

  test('names the role, the subscriptions and every alert', () => {
    expect(text).toContain(`--role "${connectorRole.name}" --application-user`);
    for (const subscription of ['rdv', 'user', 'user_profile', 'absence', 'plage_ouverture']) {
      expect(text).toContain(`\`${subscription}\``);
    }
    const normal = (value: string) => value.toLowerCase().replaceAll('’', "'");
    for (const alert of SNAPSHOTS[0]?.ofType('Microsoft.Insights/scheduledQueryRules') ?? []) {
      const title = Object(alert['properties']).displayName;
      expect(normal(text)).toContain(normal(title));
    }
  });
});

test('azd builds here and sends what the zip of a release holds', () => {
  const azure = parse(read('azure.yaml'));
  expect(azure).toMatchObject({
    infra: { provider: 'bicep', path: 'infra', module: 'main' },
    services: { api: { project: '.', host: 'function', dist: 'dist/package', remoteBuild: false } },
  });
  const { posix, windows } = azure.services.api.hooks.prepackage;
  expect([posix.run, windows.run]).toEqual(['npm run package', 'npm run package']);
  // azd refuses a local build when .funcignore names node_modules (Azure/azure-dev#7223), and applies its patterns to
  // what it packs: `functions` would leave the package empty.
  expect(existsSync(new URL('../../.funcignore', import.meta.url)), '.funcignore').toBe(false);
  const given = Object.keys(JSON.parse(read('infra/main.parameters.json')).parameters);
  const known = parametersOf('infra/main.bicep').map(({ name }) => name);
  expect(given.filter((name) => !known.includes(name))).toEqual([]);
});

describe.each(readdirSync(new URL('../../.github/workflows/', import.meta.url)))('workflow %s', (file) => {
  const text = read(`.github/workflows/${file}`);
  const workflow = parse(text);

  test('has few rights, an end, and no password', () => {
    expect(Object.keys(workflow.permissions)).toEqual(['contents']);
    for (const job of Object.values<{ 'timeout-minutes'?: number }>(workflow.jobs))
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(text).not.toMatch(/secrets\.|publish-profile|client-secret/i);
  });

  test('puts no text of others into a script', () => {
    for (const [script] of text.matchAll(/run: (\|\n(?: {10}.*\n)+|.*)/g)) expect(script).not.toContain('${{');
  });
});

test('whoever finds a weakness is told where to report it in private, without an address that nobody reads', () => {
  const text = read('SECURITY.md');
  for (const part of ['private vulnerability reporting', '## What is supported', '## What is in scope']) {
    expect(text).toContain(part);
  }
  expect(text).not.toMatch(/[\w.]+@[\w.]+|mailto:/);
  expect(read('README.md')).toContain('(SECURITY.md)');
});
