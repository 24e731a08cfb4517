// A network that the organisation gives: nothing that its policies deny is made, and all of it is used.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateBicep } from '../../infra/tools/bicep.ts';
import { type BicepRpc, startBicepRpc } from './bicep-rpc.ts';
import { at, type Resource } from './snapshot.ts';

const MAIN = fileURLToPath(new URL('../../infra/main.bicep', import.meta.url));
const HUB = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups';
const NETWORK = `${HUB}/rg-spoke/providers/Microsoft.Network/virtualNetworks/vnet-spoke`;
const SUBNETS = `applicationSubnetId: '${NETWORK}/subnets/app', endpointsSubnetId: '${NETWORK}/subnets/pe'`;

describe.skipIf(locateBicep() === undefined)('a landing zone', { timeout: 120_000 }, () => {
  let folder: string;
  let rpc: BicepRpc;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'landing-zone-'));
    rpc = startBicepRpc();
  });
  afterAll(async () => {
    rpc.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const deployed = async (name: string, parts: string): Promise<Resource[]> => {
    const file = join(folder, `${name}.bicepparam`);
    await writeFile(
      file,
      `using '${relative(folder, MAIN)}'
param environmentName = 'prod'
param dataverseUrl = 'https://contoso.crm12.dynamics.com'
param enablePrivateNetworking = true
param existingNetworkParts = { ${parts} }
`,
    );
    return JSON.parse(await rpc.snapshot(file)).predictedResources;
  };
  const typesIn = (resources: readonly Resource[]) =>
    [...new Set(resources.map(({ type }) => type).filter((type) => type.startsWith('Microsoft.Network/')))].toSorted();
  const endpoints = (resources: readonly Resource[]) =>
    resources.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints');

  test('its subnets and zones are used, and none is made', async () => {
    const resources = await deployed('given', `${SUBNETS}, dnsZonesGroupId: '${HUB}/rg-dns'`);
    expect(typesIn(resources)).toEqual([
      'Microsoft.Network/privateEndpoints',
      'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    ]);
    expect(endpoints(resources).map((one) => at(one, 'properties.subnet.id'))).toEqual(
      Array.from({ length: 4 }, () => `${NETWORK}/subnets/pe`),
    );
    const zones = resources
      .filter(({ type }) => type.endsWith('/privateDnsZoneGroups'))
      .map((one) => String(at(one, 'properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId')));
    // The suffix of storage is known in Azure only.
    for (const zone of ['blob', 'queue', 'table', 'vaultcore']) {
      expect(zones.filter((id) => id.includes(`${HUB}/rg-dns`) && id.includes(`privatelink.${zone}.`))).toHaveLength(1);
    }
    const site = resources.find(({ type }) => type === 'Microsoft.Web/sites');
    expect(JSON.stringify(at(site, 'properties.virtualNetworkSubnetId'))).toMatch(
      /applicationSubnetId|vnet-spoke\/subnets\/app/,
    );
  });

  test('where a policy registers endpoints, no zone is touched', async () => {
    const resources = await deployed('policy', `${SUBNETS}, dnsByPolicy: true`);
    expect(typesIn(resources)).toEqual(['Microsoft.Network/privateEndpoints']);
  });

  test('zones of our own are linked to the given network', async () => {
    const resources = await deployed('own-zones', SUBNETS);
    const links = resources.filter(({ type }) => type.endsWith('/virtualNetworkLinks'));
    expect(links.map((one) => at(one, 'properties.virtualNetwork.id'))).toEqual(
      Array.from({ length: 4 }, () => NETWORK),
    );
    expect(typesIn(resources)).not.toContain('Microsoft.Network/virtualNetworks');
  });
});
