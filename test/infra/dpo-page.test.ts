// The page for DPO and RSSI promises what the templates and the settings do.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/settings.ts';

const page = await readFile('docs/dpo-rssi.md', 'utf8');
const template = await readFile('infra/main.bicep', 'utf8');
const storage = await readFile('infra/modules/storage.bicep', 'utf8');

const defaultOf = (parameter: string) => new RegExp(`^param ${parameter} \\w+ = (.*)$`, 'm').exec(template)?.[1];

test.each([
  'maxAgeDays',
  'bodyRetentionDays',
  'quarantineRetentionDays',
  'blobSoftDeleteDays',
  'logRetentionDays',
])('%s is the number of days that the template sets', (parameter) => {
  expect(page).toContain(`\`${parameter}\` (${defaultOf(parameter)} jours)`);
});

test('every container of the template is named, and the one that nothing empties is said to be so', () => {
  const containers = [...storage.matchAll(/'(notification-[a-z]+|sender-connection)'/g)].map(([, name]) => name);
  expect(containers.length).toBeGreaterThan(3);
  expect(containers.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(page).toMatch(/`notification-held` .*\*\*rien ne l'efface avec l'âge\*\*/);
});

test('no key of the account, keys of Microsoft, a vault that keeps 90 days', async () => {
  expect(storage).toContain('allowSharedKeyAccess: false');
  // The page says that keys of the customer are not installed.
  expect(storage).not.toMatch(/keyvaultproperties|encryption/i);
  const vault = await readFile('infra/modules/keyvault.bicep', 'utf8');
  expect(vault).toContain('softDeleteRetentionInDays: 90');
  expect(defaultOf('purgeProtection')).toBe('true');
  expect(defaultOf('location')).toBe("'francecentral'");
});

test('the defaults are those of the settings', () => {
  const policy = readPolicy({});
  const said = (setting: string) => new RegExp(`\\| \`${setting}\` \\| \`([^\`]+)\``).exec(page)?.[1];
  expect(
    ['RDV_SUBJECT', 'ON_RGPD', 'ON_USAGER_REMOVED', 'ON_DELETED_IN_DYNAMICS', 'MATCH_ON_CREATE'].map(said),
  ).toEqual([
    policy.rdvSubject,
    policy.onRgpd,
    policy.onUsagerRemoved,
    policy.onDeletedInDynamics,
    policy.matchOnCreate,
  ]);
  expect(said('AGENT_AS_ORGANIZER')).toBe(String(policy.agentAsOrganizer));
});
