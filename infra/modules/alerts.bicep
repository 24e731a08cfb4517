// The alerts, and who gets their mails.
import { alertRules } from 'alert-rules.bicep'
import { resourceTags } from '../types.bicep'

@description('Prefix of the names of rules.')
param prefix string

@description('Region.')
param location string

@description('Where mails are made up.')
param alertRegion string

@description('Where the runbook is, or empty.')
param runbookUrl string

@description('Tags.')
param tags resourceTags

@description('Application Insights component: most queries read it.')
param insightsId string

@description('Workspace: read by the query about the daily cap.')
param workspaceId string

@description('Storage account.')
param storageAccountId string

@description('Function app.')
param functionAppId string

@description('Addresses that get every alert.')
param alertEmails string[]

@description('Regions whose incidents concern the application, as Service Health names them.')
param serviceHealthRegions string[]

@description('Age of the oldest notification in quarantine that is announced.')
param quarantineWarningDays int

// Mails carry the description. Each alert has the anchor of its name there.
var whatToDo = 'Que faire : ${empty(runbookUrl) ? 'docs/exploitation.md' : runbookUrl}'

var receivers = map(range(0, length(alertEmails)), index => {
  name: 'mail-${index}'
  emailAddress: alertEmails[index]
  useCommonAlertSchema: true
})

// The region is in the name: a resource cannot move, and an earlier version deployed a global one.
resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${prefix}-administrators-${alertRegion}'
  location: alertRegion
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'rdv-dyn'
    emailReceivers: receivers
  }
}

// Alerts of Service Health need a global one (Microsoft Learn: "Action groups", processing). They carry nothing of ours.
resource globalGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${prefix}-administrators'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'rdv-azure'
    emailReceivers: receivers
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in alertRules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.description} ${whatToDo}#${rule.name}'
      severity: rule.severity
      enabled: true
      // The cap stops what the application logs: it shows in the workspace alone.
      scopes: [rule.name == 'daily-cap' ? workspaceId : insightsId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      // In a new workspace the tables appear with the first line only (Azure/bicep#11378).
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            // A parameter of one query.
            query: replace(
              rule.query,
              'let warnAfterSeconds = 0;',
              'let warnAfterSeconds = ${quarantineWarningDays * 86400};'
            )
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]

resource storageAvailability 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-storage-availability'
  location: 'global'
  tags: tags
  properties: {
    description: 'Le compte de stockage répond mal : les notifications peuvent être refusées. ${whatToDo}#storage-availability'
    severity: 2
    enabled: true
    scopes: [storageAccountId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'availability'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Availability'
          timeAggregation: 'Average'
          operator: 'LessThan'
          threshold: json('99.9')
        }
      ]
    }
    actions: [{ actionGroupId: group.id }]
  }
}

// What never reached a function of ours, such as a body above the host's own limit, leaves no line of ours either.
resource platformErrors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-platform-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'L’application répond par des erreurs 5xx, comptées par Azure lui-même : corps trop gros, démarrage manqué, panne. ${whatToDo}#platform-errors'
    severity: 2
    enabled: true
    scopes: [functionAppId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'http-5xx'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http5xx'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
          // A new application has no metric before its first request.
          skipMetricValidation: true
        }
      ]
    }
    actions: [{ actionGroupId: group.id }]
  }
}

resource serviceHealth 'Microsoft.Insights/activityLogAlerts@2020-10-01' = {
  name: '${prefix}-service-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'Incident d’Azure dans la région de l’application. ${whatToDo}#service-health'
    enabled: true
    scopes: [subscription().id]
    condition: {
      allOf: [
        { field: 'category', equals: 'ServiceHealth' }
        { field: 'properties.incidentType', equals: 'Incident' }
        {
          field: 'properties.impactedServices[*].ImpactedRegions[*].RegionName'
          containsAny: serviceHealthRegions
        }
      ]
    }
    actions: { actionGroups: [{ actionGroupId: globalGroup.id }] }
  }
}
