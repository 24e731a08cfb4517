// Optional: outgoing traffic through a virtual network, storage and vault reachable from there only. The webhook itself
// stays public. Telemetry still leaves to the public address of Azure Monitor.
import { existingNetwork, resourceTags } from '../types.bicep'

@description('Name of the network.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags resourceTags

@description('Address range, /25 or larger.')
param addressPrefix string

@description('Whether outgoing traffic has one fixed public address, for a firewall in front of Dataverse.')
param fixedEgress bool

@description('Subnets and zones that the organisation gives.')
param existing existingNetwork

@description('Storage account.')
param storageAccountId string

@description('Key vault.')
param keyVaultId string

var storageSuffix = environment().suffixes.storage
var targets = [
  { name: 'blob', resourceId: storageAccountId, group: 'blob', zone: 'privatelink.blob.${storageSuffix}' }
  { name: 'queue', resourceId: storageAccountId, group: 'queue', zone: 'privatelink.queue.${storageSuffix}' }
  { name: 'table', resourceId: storageAccountId, group: 'table', zone: 'privatelink.table.${storageSuffix}' }
  { name: 'vault', resourceId: keyVaultId, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
]
var ownNetwork = empty(existing.?applicationSubnetId)
var ownEgress = ownNetwork && fixedEgress
var registeredByPolicy = existing.?dnsByPolicy ?? false
var ownZones = empty(existing.?dnsZonesGroupId) && !registeredByPolicy

resource egressAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = if (ownEgress) {
  name: '${name}-egress-ip'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource egress 'Microsoft.Network/natGateways@2025-05-01' = if (ownEgress) {
  name: '${name}-egress'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: egressAddress.id }] }
}

// The endpoints answer 443, and only from the network and what is joined to it.
resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = if (ownNetwork) {
  name: '${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'https-from-the-network'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 200
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

// Azure's own rules are enough: the application only calls out from here, and the plan needs its own ways.
resource applicationRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = if (ownNetwork) {
  name: '${name}-application'
  location: location
  tags: tags
  properties: { securityRules: [] }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = if (ownNetwork) {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        // Flex Consumption: a subnet of its own, no underscore in the name, at most 40 addresses for one application.
        name: 'application'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
          natGateway: ownEgress ? { id: egress.id } : null
          networkSecurityGroup: { id: applicationRules.id }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 2)
          networkSecurityGroup: { id: endpointRules.id }
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }

  resource application 'subnets' existing = {
    name: 'application'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

var applicationSubnet = existing.?applicationSubnetId ?? network::application.id
var endpointsSubnet = existing.?endpointsSubnetId ?? network::endpoints.id
var endpointsNetwork = take(endpointsSubnet, lastIndexOf(endpointsSubnet, '/subnets/'))

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: if (ownZones) {
    name: target.zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, index) in targets: if (ownZones) {
    parent: zones[index]
    name: 'network'
    location: 'global'
    tags: tags
    // An id from the parameters, or of our own network.
    #disable-next-line use-resource-id-functions
    properties: { registrationEnabled: false, virtualNetwork: { id: endpointsNetwork } }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for target in targets: {
    name: '${name}-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: endpointsSubnet }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            // Both are ids of resources, from the parameters.
            #disable-next-line use-resource-id-functions
            privateLinkServiceId: target.resourceId
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (target, index) in targets: if (!registeredByPolicy) {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.name
          properties: {
            privateDnsZoneId: ownZones
              ? zones[index].id
              : '${existing.?dnsZonesGroupId}/providers/Microsoft.Network/privateDnsZones/${target.zone}'
          }
        }
      ]
    }
  }
]

@description('Subnet for the outgoing traffic of the application.')
output applicationSubnetId string = applicationSubnet
