// The one identity of the application: storage, secrets, telemetry and Dataverse. It exists before the application, so
// that roles are in place at the first start, and its client id is what the Dataverse administrator needs.
import { resourceTags } from '../types.bicep'

@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Object id of the service principal: what roles are given to.')
output principalId string = identity.properties.principalId

@description('Client id: what the Dataverse application user is created from.')
output clientId string = identity.properties.clientId
