// Plan and function app, Flex Consumption.
import { connectorSettings, instanceMemory, resourceTags, secretSetting, supportedNode } from '../types.bicep'

@description('Name of the application.')
param name string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Node.js version.')
param nodeVersion supportedNode

@description('Memory of an instance.')
param instanceMemoryMB instanceMemory

@description('Instances at most, per group of functions.')
param maximumInstanceCount int

@description('Instances that always wait for a request.')
param alwaysReadyHttpInstances int

@description('Whether instances are spread over zones.')
param zoneRedundant bool

@description('Messages that an instance takes from the queue at a time: as host.json says when absent.')
param queueBatchSize int?

@description('Resource id of the identity.')
param identityId string

@description('Client id of the identity.')
param identityClientId string

@description('Storage account.')
param storageAccountName string

@description('Address of the blob service.')
param blobEndpoint string

@description('Address of the queue service.')
param queueEndpoint string

@description('Container of the deployment package.')
param packageContainer string

@description('Key vault.')
param keyVaultName string

@description('Settings whose value is a secret in the vault.')
param secretsInUse secretSetting[]

@description('Where telemetry goes.')
param insightsConnectionString string

@description('Dataverse environment.')
param dataverseUrl string

@description('Days that a notification is tried.')
param maxAgeDays int

@description('Other settings of the connector.')
param connector connectorSettings

@description('Columns of a département that notifications fill.')
#disable-next-line use-user-defined-types
param mapping object

@description('Ranges that may call the application; empty: everybody.')
param allowedSourceCidrs string[]

@description('Subnet for outgoing traffic, or empty.')
param subnetId string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the application by this tag.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttpInstances }] : []
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(allowedSourceCidrs) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, index) in allowedSourceCidrs: {
          name: 'source-${index}'
          ipAddress: range
          action: 'Allow'
          priority: 100 + index
        }
      ]
      // Deployments come from elsewhere, and need a token of Entra ID.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

// Below its own limit of 100 MiB the host hands any body over whole, signed or not: an instance of 512 MB would not survive
// one. Just above what the receiver takes, so that the receiver still says 413 itself.
var maxBodyBytes = connector.?MAX_BODY_BYTES ?? 2000000

// `accountName`, not the addresses: with those the host has been seen to start with 401 (azure-functions-host#11787).
var hostSettings = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsDisableHomepage: 'true'
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string(maxBodyBytes + 100000)
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
}

// Instead of those of host.json.
var queueSettings = queueBatchSize == null
  ? {}
  : {
      AzureFunctionsJobHost__extensions__queues__batchSize: string(queueBatchSize)
      AzureFunctionsJobHost__extensions__queues__newBatchThreshold: string(queueBatchSize! / 2)
    }

// Any connection but the host's own needs the addresses of the services.
var ownSettings = {
  NOTIFICATIONS_STORAGE__queueServiceUri: queueEndpoint
  NOTIFICATIONS_STORAGE__blobServiceUri: blobEndpoint
  NOTIFICATIONS_STORAGE__credential: 'managedidentity'
  NOTIFICATIONS_STORAGE__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  DATAVERSE_URL: dataverseUrl
  MAX_AGE: 'P${maxAgeDays}D'
  MAPPING: string(mapping)
}

// Only for secrets that exist: App Service hands an unresolved reference over as its literal text.
var secretSettings = toObject(
  secretsInUse,
  setting => setting,
  setting => '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=${replace(toLower(setting), '_', '-')})'
)

var chosenSettings = toObject(items(connector), setting => setting.key, setting => string(setting.value))

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(hostSettings, queueSettings, ownSettings, secretSettings, chosenSettings)
}

@description('Name.')
output name string = site.name

@description('Resource id.')
output id string = site.id

@description('Public host name.')
output hostName string = site.properties.defaultHostName
