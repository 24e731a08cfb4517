// Application Insights, and its workspace unless an existing one is named.
import { logRetention, resourceTags } from '../types.bicep'

@description('Name of the workspace.')
param workspaceName string

@description('Name of the component.')
param insightsName string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Resource id of an existing workspace, or empty.')
param existingWorkspaceId string

@description('Days that logs are kept.')
param retentionInDays logRetention

@description('Ingestion per day, in GB, after which the workspace takes no more.')
param dailyCapGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

var usedWorkspaceId = empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId

// Azure adds a rule "Failure Anomalies" to each component by itself. Declaring it too would clash
// (MicrosoftDocs/azure-docs#117421).
resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: usedWorkspaceId
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace in use.')
output workspaceId string = usedWorkspaceId

@description('Resource id of the component.')
output insightsId string = insights.id

@description('Name of the component.')
output insightsName string = insights.name

@description('Where telemetry goes. An address, not a credential: local authentication is off.')
output connectionString string = insights.properties.ConnectionString
