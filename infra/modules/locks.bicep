// Locks protect the resources with data and secrets from deletion by mistake. To remove the deployment, remove the
// locks first.

@description('Storage account.')
param storageAccountName string

@description('Key vault.')
param keyVaultName string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: keyVaultName
}

resource accountLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: account
  name: 'keep-notifications'
  properties: { level: 'CanNotDelete', notes: 'Holds accepted notifications.' }
}

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'keep-secrets'
  properties: { level: 'CanNotDelete', notes: 'Holds the webhook secrets.' }
}
