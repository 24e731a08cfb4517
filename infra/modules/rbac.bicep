// Who may do what. Roles are given on single resources, to the identity of the application and to the people named.
import { queuesWithPoison } from 'storage.bicep'

@description('Storage account.')
param storageAccountName string

@description('Application Insights component.')
param insightsName string

@description('Key vault.')
param keyVaultName string

@description('Identity of the application.')
param identityName string

@description('Object ids of those who look into quarantine and replay.')
param operatorPrincipalIds string[]

@description('Object ids of those who set the webhook secrets.')
param secretOfficerPrincipalIds string[]

@description('Object ids of those who connect to RDV-Solidarités.')
param connectionPrincipalIds string[]

@description('What the people are: one user each, or groups.')
param peopleType 'User' | 'Group' | 'ServicePrincipal'

var roles = loadJsonContent('../roles.json')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName

  resource queueService 'queueServices' existing = {
    name: 'default'
    resource notifications 'queues' existing = { name: 'notifications' }
    resource snapshots 'queues' existing = { name: 'snapshots' }
    resource reconciliation 'queues' existing = { name: 'reconciliation' }
  }

  resource blobService 'blobServices' existing = {
    name: 'default'
    resource bodies 'containers' existing = { name: 'notification-bodies' }
    resource quarantine 'containers' existing = { name: 'notification-quarantine' }
    resource connection 'containers' existing = { name: 'sender-connection' }
    resource held 'containers' existing = { name: 'notification-held' }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: keyVaultName
}

// The host's own needs, on the account because it makes containers and tables itself: leases, keys and package in blobs,
// diagnostic events in tables (Microsoft Learn: "Connecting to host storage with an identity").
resource applicationOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [
    roles.storageBlobDataOwner
    roles.storageTableDataContributor
  ]: {
    scope: account
    name: guid(account.id, identity.id, role)
    properties: {
      principalId: identity.properties.principalId
      // Without it, a new identity may not be found in time.
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Trigger, output and poison queue: each queue of ours, and no other.
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = [
  for name in queuesWithPoison: {
    parent: account::queueService
    name: name
  }
]

resource applicationOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in queuesWithPoison: {
    scope: queues[index]
    name: guid(queues[index].id, identity.id, roles.storageQueueDataContributor)
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageQueueDataContributor
      )
    }
  }
]

resource applicationOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identity.id, roles.monitoringMetricsPublisher)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
  }
}

resource applicationOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, roles.keyVaultSecretsUser)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}

// Not the account: it also holds the package, which runs with the rights of the application, and the host's own keys.
// Replay writes to the main queue, and to the bodies what is too big for it.
resource operatorsOnQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::queueService::notifications
    name: guid(account::queueService::notifications.id, person, roles.storageQueueDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageQueueDataContributor
      )
    }
  }
]

resource operatorsOnSnapshots 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::queueService::snapshots
    name: guid(account::queueService::snapshots.id, person, roles.storageQueueDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageQueueDataContributor
      )
    }
  }
]

resource operatorsOnReconciliation 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::queueService::reconciliation
    name: guid(account::queueService::reconciliation.id, person, roles.storageQueueDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageQueueDataContributor
      )
    }
  }
]

resource operatorsOnBodies 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::blobService::bodies
    name: guid(account::blobService::bodies.id, person, roles.storageBlobDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

resource operatorsOnQuarantine 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::blobService::quarantine
    name: guid(account::blobService::quarantine.id, person, roles.storageBlobDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

// Whoever reads this container acts as the connected agent: those who look into quarantine have no role on it.
resource administratorsOnConnection 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in connectionPrincipalIds: {
    scope: account::blobService::connection
    name: guid(account::blobService::connection.id, person, roles.storageBlobDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

resource operatorsOnHeld 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in operatorPrincipalIds: {
    scope: account::blobService::held
    name: guid(account::blobService::held.id, person, roles.storageBlobDataContributor)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

resource officersOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for person in secretOfficerPrincipalIds: {
    scope: vault
    name: guid(vault.id, person, roles.keyVaultSecretsOfficer)
    properties: {
      principalId: person
      principalType: peopleType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
    }
  }
]
