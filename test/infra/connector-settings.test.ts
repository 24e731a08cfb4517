// A setting that is an object arrives as the JSON that the application reads.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { locateBicep } from '../../infra/tools/bicep.ts';
import { readPolicy } from '../../src/settings.ts';
import { startBicepRpc } from './bicep-rpc.ts';
import { at, type Resource } from './snapshot.ts';

const MAIN = fileURLToPath(new URL('../../infra/main.bicep', import.meta.url));
const TEAM = '00000000-0000-4000-8000-00000000000a';

describe.skipIf(locateBicep() === undefined)('the template', { timeout: 120_000 }, () => {
  test('hands OWNER_TEAMS, SOURCE_ORGANISATIONS and MAPPING over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'connector-'));
    const rpc = startBicepRpc();
    onTestFinished(async () => {
      rpc.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const file = join(folder, 'connector.bicepparam');
    await writeFile(
      file,
      `using '${relative(folder, MAIN)}'
param environmentName = 'prod'
param dataverseUrl = 'https://contoso.crm12.dynamics.com'
param mapping = { contact: { cd62_caisse: { from: 'caisse_affiliation', type: 'choice', values: { caf: 1 } }, emailaddress1: false } }
param connector = { OWNER_TEAMS: { '7': '${TEAM}' }, SOURCE_ORGANISATIONS: { 'MDS-1': [7, 8], 'mds-2': [9] } }
`,
    );
    const { predictedResources }: { predictedResources: Resource[] } = JSON.parse(await rpc.snapshot(file));
    const config = predictedResources.find(({ type }) => type === 'Microsoft.Web/sites/config');
    const given = ['OWNER_TEAMS', 'SOURCE_ORGANISATIONS', 'MAPPING'].map((name) => [
      name,
      String(at(config, `properties.${name}`)),
    ]);
    expect(readPolicy(Object.fromEntries(given))).toMatchObject({
      ownerTeams: new Map([['7', TEAM]]),
      sourceOrganisations: new Map([
        ['mds-1', [7, 8]],
        ['mds-2', [9]],
      ]),
      mapping: {
        contact: {
          own: { cd62_caisse: { from: 'caisse_affiliation', type: 'choice', values: { caf: 1 } } },
          without: new Set(['emailaddress1']),
        },
      },
    });
  });
});
