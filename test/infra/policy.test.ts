// What the templates deploy, whatever the parameters: the rules of infra/ as a reviewer would check them.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import roles from '../../infra/roles.json' with { type: 'json' };
import { poisonOf, QUEUES } from '../../src/storage/names.ts';
import { API_VERSIONS, FORBIDDEN_PROPERTIES, FORBIDDEN_SETTINGS } from './platform.ts';
import { at, leaves, type Resource, SNAPSHOTS } from './snapshot.ts';

const [dev, prod, hidden] = SNAPSHOTS as [(typeof SNAPSHOTS)[0], (typeof SNAPSHOTS)[0], (typeof SNAPSHOTS)[0]];

describe.each(SNAPSHOTS)('$name', (snapshot) => {
  test('predicts without a diagnostic', () => {
    expect(snapshot.diagnostics).toEqual([]);
  });

  test('the storage account takes no key, no anonymous reader, no plain HTTP', () => {
    expect(snapshot.the('Microsoft.Storage/storageAccounts')['properties']).toMatchObject({
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      isLocalUserEnabled: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
    for (const container of snapshot.ofType('Microsoft.Storage/storageAccounts/blobServices/containers')) {
      expect(at(container, 'properties.publicAccess'), container.name).toBe('None');
    }
  });

  test('bodies and quarantine are removed after a time, and nothing else is', () => {
    const policy = snapshot.the('Microsoft.Storage/storageAccounts/managementPolicies');
    const rules = at(policy, 'properties.policy.rules');
    expect(rules).toMatchObject([
      { enabled: true, definition: { filters: { prefixMatch: ['notification-bodies/'] } } },
      { enabled: true, definition: { filters: { prefixMatch: ['notification-quarantine/'] } } },
    ]);
    const days = [0, 1].map((index) =>
      Number(at(rules, `${index}.definition.actions.baseBlob.delete.daysAfterCreationGreaterThan`)),
    );
    const tried = Number(/^P(\d+)D$/.exec(String(settingsOf(snapshot.resources)['MAX_AGE']))?.[1]);
    expect(Math.min(...days)).toBeGreaterThan(tried);
    const deletion = at(
      snapshot.the('Microsoft.Storage/storageAccounts/blobServices'),
      'properties.deleteRetentionPolicy',
    );
    expect(at(deletion, 'days')).toBeLessThanOrEqual(7);
  });

  test('quarantine is announced a week before it is removed', () => {
    const alert = alertNamed(snapshot.resources, 'quarantine-expiring');
    const seconds = Number(/let warnAfterSeconds = (\d+);/.exec(queryOf(alert))?.[1]);
    const policy = snapshot.the('Microsoft.Storage/storageAccounts/managementPolicies');
    const days = at(
      policy,
      'properties.policy.rules.1.definition.actions.baseBlob.delete.daysAfterCreationGreaterThan',
    );
    expect(seconds).toBe((Number(days) - 7) * 86_400);
    expect(seconds).toBeGreaterThan(0);
  });

  test('the function app is a whole Flex Consumption app with one identity for everything', () => {
    expect(snapshot.the('Microsoft.Web/serverfarms')).toMatchObject({
      sku: { tier: 'FlexConsumption', name: 'FC1' },
      properties: { reserved: true },
    });
    const site = snapshot.the('Microsoft.Web/sites');
    expect(site).toMatchObject({
      kind: 'functionapp,linux',
      identity: { type: 'UserAssigned' },
      tags: { 'azd-service-name': 'api' },
      properties: {
        httpsOnly: true,
        functionAppConfig: {
          deployment: { storage: { type: 'blobContainer', authentication: { type: 'UserAssignedIdentity' } } },
          runtime: { name: 'node', version: '24' },
          scaleAndConcurrency: { instanceMemoryMB: 512, maximumInstanceCount: 40 },
        },
        siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2' },
      },
    });
    const identity = String(at(site, 'properties.keyVaultReferenceIdentity'));
    expect(identity).toContain("'identity'");
    const authentication = 'properties.functionAppConfig.deployment.storage.authentication';
    expect(at(site, `${authentication}.userAssignedIdentityResourceId`)).toBe(identity);
    expect([...leaves(site)].filter((text) => FORBIDDEN_PROPERTIES.includes(text))).toEqual([]);
    const policies = snapshot.ofType('Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map((policy) => at(policy, 'properties.allow'))).toEqual([false, false]);
  });

  test('its settings sign in by identity, and hold no secret', () => {
    const settings = settingsOf(snapshot.resources);
    expect(Object.keys(settings).filter((name) => FORBIDDEN_SETTINGS.includes(name))).toEqual([]);
    const clientId = settings['AZURE_CLIENT_ID'];
    expect(clientId).toMatch(/outputs\.clientId\.value\]$/);
    expect(settings).toMatchObject({
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: clientId,
      NOTIFICATIONS_STORAGE__credential: 'managedidentity',
      NOTIFICATIONS_STORAGE__clientId: clientId,
    });
    expect(settings['APPLICATIONINSIGHTS_AUTHENTICATION_STRING']).toContain('Authorization=AAD;ClientId=');
    expect(settings['APPLICATIONINSIGHTS_CONNECTION_STRING']).toContain('outputs.connectionString.value');
    for (const [name, value] of Object.entries(settings)) {
      if (name.startsWith('RDV_WEBHOOK_SECRET')) expect(value).toMatch(/^@Microsoft\.KeyVault\(VaultName=.*\)$/);
      expect(value, name).not.toMatch(/AccountKey=|SharedAccessSignature/);
      // On Linux a name has letters, digits, periods and underscores only.
      expect(name).toMatch(/^[A-Za-z0-9._]+$/);
    }
  });

  test('the application has exactly the roles that it needs, each on one resource', () => {
    const given = snapshot.ofType('Microsoft.Authorization/roleAssignments').map((assignment) => {
      expect(at(assignment, 'properties.principalType')).toBe('ServicePrincipal');
      const [, provider, queue] =
        /providers\/([^/]+\/[^/]+)\/[^/]+(?:\/queueServices\/default\/queues\/([^/]+))?\/providers\/Microsoft\.Authorization/.exec(
          assignment.id,
        ) ?? [];
      return `${queue ?? provider} ${String(at(assignment, 'properties.roleDefinitionId')).split('/').at(-1)}`;
    });
    expect(given.toSorted()).toEqual(
      [
        `Microsoft.Storage/storageAccounts ${roles.storageBlobDataOwner}`,
        ...[...QUEUES, ...QUEUES.map(poisonOf)].map((queue) => `${queue} ${roles.storageQueueDataContributor}`),
        `Microsoft.Storage/storageAccounts ${roles.storageTableDataContributor}`,
        `Microsoft.Insights/components ${roles.monitoringMetricsPublisher}`,
        `Microsoft.KeyVault/vaults ${roles.keyVaultSecretsUser}`,
      ].toSorted(),
    );
  });

  test('the vault gives rights by role, keeps what is deleted, and writes an audit trail', () => {
    expect(snapshot.the('Microsoft.KeyVault/vaults')['properties']).toMatchObject({
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
    });
    expect(trailOf(snapshot.resources, 'Microsoft.KeyVault/vaults')).toMatchObject({
      properties: { logs: [{ category: 'AuditEvent', enabled: true }] },
    });
  });

  test.each(['blobServices', 'queueServices'])('who reads, writes or deletes in %s is logged', (service) => {
    const trail = trailOf(snapshot.resources, `Microsoft.Storage/storageAccounts/[^/]+/${service}`);
    expect(at(trail, 'properties.workspaceId')).toBeTruthy();
    expect(at(trail, 'properties.logs')).toEqual(
      ['StorageRead', 'StorageWrite', 'StorageDelete'].map((category) => ({ category, enabled: true })),
    );
  });

  test('telemetry needs a sign-in, and its volume has a limit', () => {
    expect(snapshot.the('Microsoft.Insights/components')).toMatchObject({ properties: { DisableLocalAuth: true } });
    const workspace = snapshot.the('Microsoft.OperationalInsights/workspaces');
    expect(workspace).toMatchObject({ properties: { features: { disableLocalAuth: true } } });
    expect(at(workspace, 'properties.workspaceCapping.dailyQuotaGb')).toBeGreaterThan(0);
  });

  test('each alert reaches somebody, has a severity, and ends by itself', () => {
    const alerts = snapshot.ofType('Microsoft.Insights/scheduledQueryRules');
    expect(alerts.length).toBeGreaterThanOrEqual(12);
    for (const alert of alerts) {
      expect(alert, alert.name).toMatchObject({
        properties: { enabled: true, autoMitigate: true, skipQueryValidation: true, severity: expect.any(Number) },
      });
      expect(at(alert, 'properties.actions.actionGroups.0'), alert.name).toContain('actionGroups');
      expect(at(alert, 'properties.displayName'), alert.name).not.toBe('');
    }
  });

  test('errors that leave no line of ours ring by the count of Azure itself', () => {
    const alert = alertNamed(snapshot.resources, 'platform-errors');
    expect(at(alert, 'properties.criteria.allOf.0')).toMatchObject({
      metricNamespace: 'Microsoft.Web/sites',
      metricName: 'Http5xx',
      timeAggregation: 'Total',
      operator: 'GreaterThan',
      threshold: 0,
    });
    expect(at(alert, 'properties.actions.0.actionGroupId')).toContain('actionGroups');
  });

  test('versions of the interfaces are those we chose', () => {
    for (const { type, apiVersion } of snapshot.resources) {
      const root = type.split('/').slice(0, 2).join('/');
      expect(`${type}@${apiVersion}`).toBe(`${type}@${API_VERSIONS[root]}`);
    }
  });

  test('what can carry tags carries them', () => {
    const withoutTags = /roleAssignments|locks|budgets|diagnosticSettings|resourceGroups/;
    const expected = { application: 'rdv-solidarites-dynamics', 'data-classification': 'personal-data' };
    for (const resource of snapshot.resources) {
      const isChild = resource.type.split('/').length > 2;
      if (!isChild && !withoutTags.test(resource.type)) expect(resource['tags'], resource.id).toMatchObject(expected);
    }
  });

  test('no value of a secret is in it', () => {
    for (const secret of snapshot.ofType('Microsoft.KeyVault/vaults/secrets')) {
      expect(at(secret, 'properties.value'), secret.name).toMatch(/^\[.*parameters\('webhookSecret/);
    }
  });
});

test('development has no network, no lock, no purge protection, and no budget', () => {
  expect(dev.resources.filter(({ type }) => /Network|locks|budgets/.test(type))).toEqual([]);
  expect(at(dev.the('Microsoft.KeyVault/vaults'), 'properties.enablePurgeProtection')).not.toBe(true);
});

test('locks on data and secrets are for who may set them: the rights that the guide asks for deploy production without', () => {
  expect(prod.ofType('Microsoft.Authorization/locks')).toHaveLength(0);
  expect(hidden.ofType('Microsoft.Authorization/locks')).toHaveLength(2);
});

test('production has purge protection, a budget, and somebody to call', () => {
  expect(at(prod.the('Microsoft.KeyVault/vaults'), 'properties.enablePurgeProtection')).toBe(true);
  expect(prod.ofType('Microsoft.Consumption/budgets')).toHaveLength(1);
  for (const group of prod.ofType('Microsoft.Insights/actionGroups'))
    expect(at(group, 'properties.emailReceivers')).toHaveLength(1);
  expect(at(prod.the('Microsoft.Storage/storageAccounts'), 'sku.name')).toBe('Standard_ZRS');
});

test('mails about alerts are made up in the EU; only incidents of Azure, which hold nothing of ours, go round the world', () => {
  const places = prod.ofType('Microsoft.Insights/actionGroups').map(({ id, location }) => [id, location]);
  expect(places.map(([, place]) => place).toSorted()).toEqual(['germanywestcentral', 'global']);
  const [worldwide] = places.find(([, place]) => place === 'global') ?? [];
  const users = prod.resources.filter((one) => [...leaves(one)].includes(String(worldwide)) && one.id !== worldwide);
  expect(users.map(({ type }) => type)).toEqual(['Microsoft.Insights/activityLogAlerts']);
});

test('the private variant answers from its network only, and the webhook to known senders', () => {
  for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
    expect(hidden.the(type)).toMatchObject({
      properties: { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } },
    });
  }
  expect(hidden.ofType('Microsoft.Network/privateEndpoints')).toHaveLength(4);
  expect(hidden.ofType('Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toHaveLength(4);
  expect(hidden.ofType('Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(4);
  expect(at(hidden.the('Microsoft.Network/virtualNetworks'), 'properties.subnets.0')).toMatchObject({
    name: expect.not.stringContaining('_'),
    properties: { delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }], natGateway: {} },
  });
  const subnets = [0, 1].map((index) =>
    at(hidden.the('Microsoft.Network/virtualNetworks'), `properties.subnets.${index}`),
  );
  for (const subnet of subnets)
    expect(at(subnet, 'properties.networkSecurityGroup.id')).toContain('networkSecurityGroups');
  // With “Disabled” the rules would not hold for private endpoints.
  expect(at(subnets[1], 'properties.privateEndpointNetworkPolicies')).toBe('NetworkSecurityGroupEnabled');
  const [, rules] = hidden
    .ofType('Microsoft.Network/networkSecurityGroups')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(at(rules, 'properties.securityRules.0.properties')).toMatchObject({
    access: 'Allow',
    destinationPortRange: '443',
  });
  expect(at(rules, 'properties.securityRules.1.properties')).toMatchObject({
    access: 'Deny',
    destinationPortRange: '*',
  });
  const site = hidden.the('Microsoft.Web/sites');
  expect(at(site, 'properties.virtualNetworkSubnetId')).toContain('applicationSubnetId');
  expect(at(site, 'properties.siteConfig.ipSecurityRestrictionsDefaultAction')).toBe('Deny');
});

test('no template comes from a registry: all compile without a network', () => {
  const sources = ['main', 'resources', 'types', 'checks'].map((name) =>
    readFileSync(new URL(`../../infra/${name}.bicep`, import.meta.url), 'utf8'),
  );
  expect(sources.join('\n')).not.toMatch(/'(br|ts)[:/]/);
});

function settingsOf(resources: readonly Resource[]): Record<string, unknown> {
  const config = resources.find(({ type }) => type === 'Microsoft.Web/sites/config');
  return Object.fromEntries(Object.entries(config?.['properties'] ?? {}));
}

/** The diagnostic setting on the only resource whose id has this in it. */
function trailOf(resources: readonly Resource[], scope: string): Resource {
  const scoped = new RegExp(`/${scope}/[^/]+/providers/Microsoft.Insights/diagnosticSettings/`);
  const [found, ...others] = resources.filter(({ id }) => scoped.test(id));
  if (found === undefined || others.length > 0) throw new Error(`not exactly one trail of ${scope}`);
  return found;
}

function alertNamed(resources: readonly Resource[], name: string): Resource {
  const found = resources.find((resource) => resource.name.endsWith(`-${name}`));
  if (found === undefined) throw new Error(`no alert ${name}`);
  return found;
}

function queryOf(alert: Resource): string {
  return String(at(alert, 'properties.criteria.allOf.0.query'));
}
