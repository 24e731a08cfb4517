// One page that says how the connector is doing. Its queries are those of infra/queries, so that they are tested.
import { resourceTags } from '../types.bicep'

@description('Title.')
param title string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Application Insights component that the queries read.')
param insightsId string

var views = [
  {
    name: 'outcomes'
    title: 'Notifications par heure'
    query: loadTextContent('../queries/outcomes.kql')
    visualization: 'barchart'
  }
  {
    name: 'delay'
    title: 'Délai entre la réception et Dynamics (secondes)'
    query: loadTextContent('../queries/delay.kql')
    visualization: 'linechart'
  }
  {
    name: 'depth'
    title: 'Ce qui attend, et depuis quand'
    query: loadTextContent('../queries/depth.kql')
    visualization: 'linechart'
  }
  {
    name: 'throttling'
    title: 'Charge de Dataverse'
    query: loadTextContent('../queries/throttling.kql')
    visualization: 'linechart'
  }
  {
    name: 'secrets'
    title: 'Secrets en usage'
    query: loadTextContent('../queries/secrets.kql')
    visualization: 'table'
  }
  {
    name: 'sources'
    title: 'Par source'
    query: loadTextContent('../queries/sources.kql')
    visualization: 'table'
  }
  {
    name: 'failures'
    title: 'Échecs par nature'
    query: loadTextContent('../queries/failures.kql')
    visualization: 'table'
  }
  {
    name: 'quarantined'
    title: 'Mises en quarantaine'
    query: loadTextContent('../queries/quarantined.kql')
    visualization: 'table'
  }
  {
    name: 'misconfigured'
    title: 'Refus de Dataverse à corriger'
    query: loadTextContent('../queries/misconfigured.kql')
    visualization: 'table'
  }
  {
    name: 'secret-discarded'
    title: 'Secrets inutilisables'
    query: loadTextContent('../queries/secret-discarded.kql')
    visualization: 'table'
  }
]

// Kinds of items: 1 text, 3 query, 9 parameters (microsoft/Application-Insights-Workbooks).
var period = {
  type: 9
  name: 'parameters'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    parameters: [
      {
        version: 'KqlParameterItem/1.0'
        name: 'Period'
        label: 'Période'
        type: 4
        isRequired: true
        value: { durationMs: 86400000 }
        typeSettings: {
          selectableValues: [
            { durationMs: 3600000 }
            { durationMs: 86400000 }
            { durationMs: 604800000 }
            { durationMs: 2592000000 }
          ]
          allowCustom: true
        }
      }
    ]
  }
}

var queryItems = map(views, view => {
  type: 3
  name: view.name
  content: {
    version: 'KqlItem/1.0'
    query: view.query
    size: 0
    title: view.title
    timeContextFromParameter: 'Period'
    queryType: 0
    resourceType: 'microsoft.insights/components'
    visualization: view.visualization
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'rdv-solidarites-dynamics')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: insightsId
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([period], queryItems)
      fallbackResourceIds: [insightsId]
    })
  }
}
