// The webhook secrets. A value given here is written; an empty one leaves what the vault holds as it is.
import { longSecret, longSecrets } from '../checks.bicep'
import { resourceTags } from '../types.bicep'

@description('Name of the vault.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Whether the vault answers from the virtual network only.')
param private bool

@description('Whether a deleted vault can be purged only after 90 days. Cannot be taken back.')
param purgeProtection bool

@secure()
@description('Value of the current secret, or empty.')
param webhookSecret string

@secure()
@description('Value of the former secret, or empty.')
param webhookSecretPrevious string

@secure()
@description('Secrets per source as JSON, or empty.')
param webhookSecretsPerSource string

@description('Workspace that keeps the audit trail.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // The service refuses `false`: it is on or absent.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }

  resource current 'secrets' = if (!empty(webhookSecret)) {
    name: 'rdv-webhook-secret'
    properties: {
      value: longSecret(webhookSecret, 'webhookSecret')
      contentType: 'RDV_WEBHOOK_SECRET'
    }
  }

  resource previous 'secrets' = if (!empty(webhookSecretPrevious)) {
    name: 'rdv-webhook-secret-previous'
    properties: {
      value: longSecret(webhookSecretPrevious, 'webhookSecretPrevious')
      contentType: 'RDV_WEBHOOK_SECRET_PREVIOUS'
    }
  }

  resource perSource 'secrets' = if (!empty(webhookSecretsPerSource)) {
    name: 'rdv-webhook-secrets'
    properties: {
      value: longSecrets(webhookSecretsPerSource, 'webhookSecretsPerSource')
      contentType: 'RDV_WEBHOOK_SECRETS'
    }
  }
}

// No stable version of this type exists.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

@description('Resource id.')
output id string = vault.id

@description('Name.')
output name string = vault.name

@description('Name of the current secret, not its value.')
#disable-next-line outputs-should-not-contain-secrets
output secretName string = vault::current.name
