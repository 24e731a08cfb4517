// Queue, bodies, quarantine, and the host's own state. No account keys: everybody signs in.
import { redundancyKind, resourceTags } from '../types.bicep'

@description('Name of the account.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Redundancy.')
param redundancy redundancyKind

@description('Whether the account answers from the virtual network only.')
param private bool

@description('Container of the deployment package.')
param packageContainer string

@description('Days until a body that was too big for the queue is removed.')
param bodyRetentionDays int

@description('Days until a notification in quarantine is removed.')
param quarantineRetentionDays int

@description('Days that a removed blob can be brought back.')
param blobSoftDeleteDays int

@description('Workspace that keeps the trail of who read or changed what.')
param workspaceId string

// The names of src/storage/names.ts.
// The tokens of RDV-Solidarités stay until they are replaced.
var connectionContainer = 'sender-connection'
var queues = ['notifications', 'snapshots', 'reconciliation']
@export()
@description('All queues, each followed by its poison queue.')
var queuesWithPoison = flatten(map(queues, name => [name, '${name}-poison']))
var retention = {
  'notification-bodies': bodyRetentionDays
  'notification-quarantine': quarantineRetentionDays
}
// Accepted while the connector may not write yet: nothing empties it by age.
var heldContainer = 'notification-held'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    // Short: a removed blob is still personal data.
    deleteRetentionPolicy: { enabled: true, days: blobSoftDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: blobSoftDeleteDays }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in [packageContainer, connectionContainer, heldContainer, ...objectKeys(retention)]: {
    parent: blobs
    name: container
    properties: { publicAccess: 'None' }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

// The poison queues too: the host would create one at the first failure only, and nobody could watch it before.
resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in queuesWithPoison: {
    parent: queueService
    name: name
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        for container in items(retention): {
          name: 'remove-${container.key}'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${container.key}/'] }
            actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: container.value } } }
          }
        }
      ]
    }
  }
}

// Who read a notification in quarantine or on the queue, and when. No stable version of this type exists.
var accesses = map(['StorageRead', 'StorageWrite', 'StorageDelete'], name => { category: name, enabled: true })

resource blobTrail 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'trail-of-blobs'
  properties: { workspaceId: workspaceId, logs: accesses }
}

resource queueTrail 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queueService
  name: 'trail-of-queues'
  properties: { workspaceId: workspaceId, logs: accesses }
}

@description('Resource id.')
output id string = account.id

@description('Address of the blob service.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Address of the queue service.')
output queueEndpoint string = account.properties.primaryEndpoints.queue

@description('Main queue.')
output queueName string = queues[0]

@description('Poison queue.')
output poisonQueueName string = queuesWithPoison[1]
