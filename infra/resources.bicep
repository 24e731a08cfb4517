// Everything in one resource group. Deployable alone, by those who own a resource group only:
// az deployment group create -g <group> -f infra/resources.bicep -p environmentName=… dataverseUrl=…
import {
  connectorSettings
  existingNetwork
  instanceMemory
  logRetention
  supportedNode
  resourceNames
  resourceTags
  secretSetting
  redundancyKind
} from 'types.bicep'
import {
  dataverseAddress
  emailAddresses
  firstOfMonth
  ipRanges
  networkRange
  privateNetwork
  retentionAfter
  shortName
  spreadOverZones
  wholeNetwork
} from 'checks.bicep'

@description('Short name of this deployment, such as prod.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region. `az functionapp list-flexconsumption-locations` lists those that have the plan.')
@minLength(4)
param location string = resourceGroup().location

@description('Tags for every resource.')
param tags resourceTags = {}

@description('Names that your organisation imposes.')
param names resourceNames = {}

@description('Address of the Dataverse environment, such as https://contoso.crm12.dynamics.com.')
@minLength(20)
@maxLength(200)
param dataverseUrl string

@secure()
@description('Secret shared with RDV-Solidarités. Empty: the vault keeps what it has.')
param webhookSecret string = ''

@secure()
@description('The former secret, during a rotation. Empty: the vault keeps what it has.')
param webhookSecretPrevious string = ''

@secure()
@description('Secrets per source, as JSON. Empty: the vault keeps what it has.')
param webhookSecretsPerSource string = ''

@description('Secrets that the vault holds and the application may accept.')
@minLength(1)
@maxLength(3)
param secretsInUse secretSetting[] = ['RDV_WEBHOOK_SECRET']

@description('Settings of the connector.')
param connector connectorSettings = {}

// A column is an object or false: Bicep has no type for that. The application checks it, and names what is wrong.
@description('Columns of a département that notifications fill, as in docs/mapping.schema.json.')
#disable-next-line use-user-defined-types
param mapping object = {}

@description('Node.js of the runtime.')
param nodeVersion supportedNode = '24'

@description('Memory of an instance, in MB. 512 is enough for a receiver of webhooks.')
param instanceMemoryMB instanceMemory = 512

@description('Instances at most per group of functions. Not a hard limit for bursts of HTTP.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that always wait for a request, billed all month. 1 avoids answers after the sender’s 10 seconds.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttpInstances int = 0

@description('Whether instances are spread over zones. Forces two always-ready instances per group of functions.')
param zoneRedundant bool = false

@description('Notifications that an instance takes from the queue at a time: as host.json says when absent.')
@minValue(1)
@maxValue(32)
param queueBatchSize int?

@description('Copies of the stored data.')
param storageRedundancy redundancyKind = 'Standard_ZRS'

@description('Days that a notification is tried before it goes to quarantine.')
@minValue(1)
@maxValue(60)
param maxAgeDays int = 7

@description('Days until the body of a notification that was too big for the queue is removed. More than maxAgeDays.')
@minValue(2)
@maxValue(365)
param bodyRetentionDays int = 30

@description('Days until a notification in quarantine is removed. A week before, an alert says so.')
@minValue(14)
@maxValue(365)
param quarantineRetentionDays int = 90

@description('Days that a removed blob can be brought back. It is personal data: keep it short.')
@minValue(1)
@maxValue(30)
param blobSoftDeleteDays int = 7

@description('Addresses that get every alert.')
@maxLength(20)
param alertEmails string[] = []

@description('Address of your copy of docs/exploitation.md, which each alert mail names. Empty: its path in the project.')
@maxLength(300)
param runbookUrl string = ''

@description('Where mails about alerts are made up. With global, Azure may do it anywhere.')
param alertRegion 'germanywestcentral' | 'swedencentral' | 'global' = 'germanywestcentral'

@description('Regions of the Service Health alert, as Azure names them.')
@minLength(1)
param serviceHealthRegions string[] = ['France Central', 'Global']

@description('Resource id of an existing Log Analytics workspace. Empty: a new one.')
param existingWorkspaceId string = ''

@description('Ingestion of logs per day, in GB, after which Azure takes no more: neither logs nor alerts.')
@minValue(1)
@maxValue(100)
param logDailyCapGb int = 5

@description('Days that logs are kept.')
param logRetentionDays logRetention = 30

@description('IPv4 ranges that may call the application. Empty: everybody; the signature decides.')
@maxLength(100)
param allowedSourceCidrs string[] = []

@description('Whether storage and vault are reachable from a virtual network only.')
param enablePrivateNetworking bool = false

@description('Range of the virtual network, /25 or larger.')
param vnetAddressPrefix string = '10.40.0.0/24'

@description('Subnets and DNS zones that your organisation gives. Absent: a network of its own.')
param existingNetworkParts existingNetwork = {}

@description('Whether outgoing traffic has one fixed address. Needs enablePrivateNetworking.')
param enableFixedEgress bool = false

@description('Whether storage and vault are locked against deletion.')
param enableLocks bool = false

@description('Whether a deleted vault can be purged only after 90 days. Cannot be taken back.')
param purgeProtection bool = true

@description('Amount per month that is warned about, in the currency of the subscription.')
@minValue(1)
@maxValue(100000)
param monthlyBudget int = 50

@description('First day of the current month, at the first deployment. Empty: no budget.')
@maxLength(10)
param budgetStartDate string = ''

@description('Object ids of those who look into quarantine and replay notifications.')
param operatorPrincipalIds string[] = []

@description('Object ids of those who set the webhook secrets.')
param secretOfficerPrincipalIds string[] = []

@description('Object ids of those who connect to RDV-Solidarités.')
param connectionPrincipalIds string[] = []

@description('What these ids are. Groups are easier to keep up to date.')
param peopleType 'User' | 'Group' | 'ServicePrincipal' = 'Group'

@description('Subject of the GitHub tokens that may deploy code, such as repo:owner/name:environment:prod. Empty: none.')
@maxLength(300)
param githubSubject string = ''

var token = uniqueString(resourceGroup().id, environmentName)
var suffix = '${shortName(environmentName)}-${take(token, 6)}'
var allTags = union(tags, {
  application: 'rdv-solidarites-dynamics'
  'azd-env-name': environmentName
  'data-classification': 'personal-data'
})
var packageContainer = 'app-package'
var identityName = names.?identity ?? 'id-rdv-${suffix}'
var functionAppName = names.?functionApp ?? 'func-rdv-${suffix}'
var storageName = names.?storageAccount ?? 'strdv${token}'
var vaultName = names.?keyVault ?? 'kv-rdv-${token}'
var insightsName = names.?insights ?? 'appi-rdv-${suffix}'
var recipients = emailAddresses(alertEmails)

module identity 'modules/identity.bicep' = {
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.?workspace ?? 'log-rdv-${suffix}'
    insightsName: insightsName
    location: location
    tags: allTags
    existingWorkspaceId: existingWorkspaceId
    retentionInDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: allTags
    redundancy: storageRedundancy
    private: privateNetwork(enablePrivateNetworking, enableFixedEgress, existingNetworkParts)
    packageContainer: packageContainer
    bodyRetentionDays: retentionAfter(bodyRetentionDays, maxAgeDays, 'bodyRetentionDays')
    quarantineRetentionDays: quarantineRetentionDays
    blobSoftDeleteDays: blobSoftDeleteDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/keyvault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: allTags
    private: enablePrivateNetworking
    purgeProtection: purgeProtection
    webhookSecret: webhookSecret
    webhookSecretPrevious: webhookSecretPrevious
    webhookSecretsPerSource: webhookSecretsPerSource
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/rbac.bicep' = {
  params: {
    storageAccountName: storageName
    insightsName: insightsName
    keyVaultName: vaultName
    identityName: identityName
    operatorPrincipalIds: operatorPrincipalIds
    secretOfficerPrincipalIds: secretOfficerPrincipalIds
    connectionPrincipalIds: connectionPrincipalIds
    peopleType: peopleType
  }
  dependsOn: [identity, monitoring, storage, vault]
}

module network 'modules/network.bicep' = if (enablePrivateNetworking) {
  params: {
    name: names.?network ?? 'vnet-rdv-${suffix}'
    location: location
    tags: allTags
    addressPrefix: networkRange(vnetAddressPrefix)
    existing: wholeNetwork(existingNetworkParts, enableFixedEgress)
    fixedEgress: enableFixedEgress
    storageAccountId: storage.outputs.id
    keyVaultId: vault.outputs.id
  }
}

module functionApp 'modules/functionapp.bicep' = {
  params: {
    name: functionAppName
    planName: names.?plan ?? 'plan-rdv-${suffix}'
    location: location
    tags: allTags
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    zoneRedundant: spreadOverZones(zoneRedundant, storageRedundancy)
    queueBatchSize: queueBatchSize
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storageName
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    packageContainer: packageContainer
    keyVaultName: vaultName
    secretsInUse: secretsInUse
    insightsConnectionString: monitoring.outputs.connectionString
    dataverseUrl: dataverseAddress(dataverseUrl)
    maxAgeDays: maxAgeDays
    connector: connector
    mapping: mapping
    allowedSourceCidrs: ipRanges(allowedSourceCidrs)
    subnetId: network.?outputs.applicationSubnetId ?? ''
  }
  // Without its roles the first start answers 403.
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    prefix: 'rdv-${suffix}'
    location: location
    alertRegion: alertRegion
    runbookUrl: runbookUrl
    tags: allTags
    insightsId: monitoring.outputs.insightsId
    workspaceId: monitoring.outputs.workspaceId
    storageAccountId: storage.outputs.id
    functionAppId: functionApp.outputs.id
    alertEmails: recipients
    serviceHealthRegions: serviceHealthRegions
    quarantineWarningDays: quarantineRetentionDays - 7
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    title: 'RDV-Solidarités → Dynamics 365 (${environmentName})'
    location: location
    tags: allTags
    insightsId: monitoring.outputs.insightsId
  }
}

module budget 'modules/budget.bicep' = if (!empty(budgetStartDate) && !empty(alertEmails)) {
  params: {
    name: 'rdv-${suffix}'
    amount: monthlyBudget
    startDate: firstOfMonth(budgetStartDate)
    emails: recipients
  }
}

module locks 'modules/locks.bicep' = if (enableLocks) {
  params: {
    storageAccountName: storageName
    keyVaultName: vaultName
  }
  // Last: a lock would stop a deployment that has to begin again.
  dependsOn: [functionApp]
}

module github 'modules/cicd-identity.bicep' = if (!empty(githubSubject)) {
  params: {
    name: 'id-rdv-github-${suffix}'
    location: location
    tags: allTags
    subject: githubSubject
    functionAppName: functionAppName
  }
  dependsOn: [functionApp]
}

@description('Function app.')
output AZURE_FUNCTION_NAME string = functionApp.outputs.name

@description('Address to give to RDV-Solidarités.')
output WEBHOOK_URL string = 'https://${functionApp.outputs.hostName}/api/notifications'

@description('Answers 200 when the application is well.')
output HEALTH_URL string = 'https://${functionApp.outputs.hostName}/api/health'

@description('Key vault of the secrets.')
output AZURE_KEY_VAULT_NAME string = vault.outputs.name

@description('Name of the secret in the vault, not its value.')
#disable-next-line outputs-should-not-contain-secrets
output WEBHOOK_SECRET_NAME string = vault.outputs.secretName

@description('What the Dataverse application user is created from.')
output DATAVERSE_APP_USER_CLIENT_ID string = identity.outputs.clientId

@description('Object id of the identity of the application.')
output APPLICATION_PRINCIPAL_ID string = identity.outputs.principalId

@description('Storage account.')
output AZURE_STORAGE_NAME string = storageName

@description('Main queue.')
output QUEUE_NAME string = storage.outputs.queueName

@description('Poison queue.')
output POISON_QUEUE_NAME string = storage.outputs.poisonQueueName

@description('Client id of the identity of the GitHub workflow, or empty.')
output GITHUB_CLIENT_ID string = github.?outputs.clientId ?? ''
