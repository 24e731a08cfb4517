// The templates and the code speak of the same queues, containers, settings and secrets.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Environment, readSenderSettings, readSettings } from '../../src/settings.ts';
import {
  BODIES_CONTAINER,
  HELD_CONTAINER,
  poisonOf,
  QUARANTINE_CONTAINER,
  QUEUES,
  SENDER_CONTAINER,
  STORAGE_CONNECTION,
} from '../../src/storage/names.ts';
import { at, SNAPSHOTS } from './snapshot.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

// Read by the Functions host and the SDKs, not by our code.
const PLATFORM =
  /^(AzureWebJobs|AzureFunctionsJobHost__|APPLICATIONINSIGHTS_|FUNCTIONS_|NOTIFICATIONS_STORAGE__credential$)/;
// For the machine of a developer or an administrator only.
const LOCAL = ['NOTIFICATIONS_STORAGE', 'DATAVERSE_LOCAL_TOKEN', 'SENDER_REDIRECT_URI', 'WEBHOOK_URL'];

/** The names of settings that a source reads: those written like one, as a key or as a string. */
function settingsIn(path: string): string[] {
  const names = read(path).matchAll(
    /(?:^\s+|['[])([A-Z][A-Z0-9]*(?:_+[A-Za-z0-9]+)+|MAPPING|PARTICIPATIONS)(?:: |')/gm,
  );
  return [...new Set([...names].map(([, name]) => name ?? ''))];
}

/** The settings that an administrator may choose: the type `connectorSettings`. */
const chosen = () => {
  const [, body = ''] = /type connectorSettings = \{\n([\s\S]*?)\n\}/.exec(read('infra/types.bicep')) ?? [];
  return [...body.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name ?? '');
};

const secretSettings = () =>
  [...(/type secretSetting =([^@]*)/.exec(read('infra/types.bicep'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
    ([, name]) => name ?? '',
  );

test.each(SNAPSHOTS)('$name: queues and containers are those of the code', (snapshot) => {
  const names = (type: string) => snapshot.ofType(type).map(({ name }) => name.split('/').at(-1));
  expect(names('Microsoft.Storage/storageAccounts/queueServices/queues')).toEqual(
    QUEUES.flatMap((name) => [name, poisonOf(name)]),
  );
  const containers = names('Microsoft.Storage/storageAccounts/blobServices/containers');
  expect(containers.toSorted()).toEqual(
    ['app-package', BODIES_CONTAINER, QUARANTINE_CONTAINER, HELD_CONTAINER, SENDER_CONTAINER].toSorted(),
  );
});

test('the outputs and rules of the storage module name the same queues and containers', () => {
  const module = read('infra/modules/storage.bicep');
  expect(module).toContain(`var queues = [${QUEUES.map((name) => `'${name}'`).join(', ')}]`);
  for (const container of [BODIES_CONTAINER, QUARANTINE_CONTAINER]) expect(module).toContain(`'${container}': `);
});

test('every setting that the code reads can be deployed, and every deployed one is read', () => {
  const ofCode = [...settingsIn('src/settings.ts'), ...settingsIn('src/intake/secrets.ts')];
  expect(ofCode.length).toBeGreaterThan(15);
  const deployed = SNAPSHOTS.flatMap((snapshot) =>
    Object.keys(snapshot.the('Microsoft.Web/sites/config')['properties'] ?? {}),
  ).filter((name) => !PLATFORM.test(name));
  const ofTemplate = [...deployed, ...chosen(), ...secretSettings()];
  expect([...new Set(ofTemplate)].toSorted()).toEqual(
    [...new Set(ofCode)].filter((name) => !LOCAL.includes(name)).toSorted(),
  );
});

test('the connection of the bindings is the one that the settings describe', () => {
  const settings = Object.keys(SNAPSHOTS[0]?.the('Microsoft.Web/sites/config')['properties'] ?? {});
  for (const part of ['queueServiceUri', 'blobServiceUri', 'credential', 'clientId']) {
    expect(settings).toContain(`${STORAGE_CONNECTION}__${part}`);
  }
});

test.each(SNAPSHOTS)('$name: the host refuses bodies just above those that the receiver refuses', (snapshot) => {
  const setting = (name: string) => at(snapshot.the('Microsoft.Web/sites/config'), `properties.${name}`);
  const chosen = setting('MAX_BODY_BYTES');
  const { maxBodyBytes } = readSettings({
    DATAVERSE_URL: 'http://127.0.0.1:7072',
    NOTIFICATIONS_STORAGE: 'unused',
    ...(chosen === undefined ? {} : { MAX_BODY_BYTES: String(chosen) }),
  });
  expect(Number(setting('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT')) - maxBodyBytes).toBe(100_000);
});

test.each(SNAPSHOTS)('$name: the application accepts the values that are deployed', (snapshot) => {
  const deployed = Object.entries(snapshot.the('Microsoft.Web/sites/config')['properties'] ?? {}).map(
    ([name, value]) => {
      // What only Azure knows: the addresses and ids of what it made.
      if (!String(value).startsWith('[')) return [name, String(value)];
      return [name, /Uri$/.test(name) ? 'https://account.example.org/' : '00000000-0000-0000-0000-000000000003'];
    },
  );
  const settings = readSettings({ ...Object.fromEntries(deployed), RDV_WEBHOOK_SECRET: 'resolved-by-key-vault' });
  expect(settings.storage.kind).toBe('identity');
  expect(settings.discardedSecrets).toEqual([]);
});

test('the limits of the chosen settings are those of the application', () => {
  const types = read('infra/types.bicep');
  const base = {
    DATAVERSE_URL: 'https://contoso.crm12.dynamics.com',
    NOTIFICATIONS_STORAGE: 'UseDevelopmentStorage=true',
    RDV_WEBHOOK_SECRET: 'secret',
  };
  const readAll = (environment: Environment) => [readSettings(environment), readSenderSettings(environment)];
  for (const [, minimum, maximum, name] of types.matchAll(
    /@minValue\((\d+)\)\n {2}@maxValue\((\d+)\)\n {2}([A-Z_]+):/g,
  )) {
    for (const inside of [minimum, maximum]) {
      expect(() => readAll({ ...base, [String(name)]: inside }), name).not.toThrow();
    }
    for (const outside of [Number(minimum) - 1, Number(maximum) + 1]) {
      expect(() => readAll({ ...base, [String(name)]: String(outside) }), name).toThrow(name);
    }
  }
  for (const [, name, values] of types.matchAll(/^ {2}([A-Z_]+): \(('.*')\)\?/gm)) {
    for (const [, value] of (values ?? '').matchAll(/'([^']+)'/g)) {
      expect(() => readSettings({ ...base, [String(name)]: value }), `${name}=${value}`).not.toThrow();
    }
  }
});
