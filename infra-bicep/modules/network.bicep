// A network of the app's own. The accounts, the namespace and the vault are reached through it by private endpoints, under the names they
// always have: the private zones answer for those names inside the network.
@description('Required. Name of the network.')
param name string

@description('Required. The host\'s storage account.')
param hostStorageName string

@description('Required. The data\'s storage account.')
param dataStorageName string

@description('Required. The Event Hubs namespace.')
param eventHubsName string

@description('Required. The vault.')
param vaultName string

@description('Required. Addresses of the network, a /24 or larger.')
param addressPrefix string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

var suffix = environment().suffixes.storage

// One zone a service.
var zones = {
  blob: 'privatelink.blob.${suffix}'
  queue: 'privatelink.queue.${suffix}'
  table: 'privatelink.table.${suffix}'
  eventHubs: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
}

// What is reached, and as which part of it.
var targets = [
  { name: 'host-blob', zone: 'blob', group: 'blob', type: 'Microsoft.Storage/storageAccounts', of: hostStorageName }
  { name: 'host-queue', zone: 'queue', group: 'queue', type: 'Microsoft.Storage/storageAccounts', of: hostStorageName }
  { name: 'host-table', zone: 'table', group: 'table', type: 'Microsoft.Storage/storageAccounts', of: hostStorageName }
  { name: 'data-blob', zone: 'blob', group: 'blob', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName }
  { name: 'data-table', zone: 'table', group: 'table', type: 'Microsoft.Storage/storageAccounts', of: dataStorageName }
  { name: 'event-hubs', zone: 'eventHubs', group: 'namespace', type: 'Microsoft.EventHub/namespaces', of: eventHubsName }
  { name: 'vault', zone: 'vault', group: 'vault', type: 'Microsoft.KeyVault/vaults', of: vaultName }
]

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
  }

  // Flex Consumption and Container Apps both want a subnet of this delegation for themselves; names without underscores.
  resource app 'subnets' = {
    name: 'app'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 26, 0)
      delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
    }
  }

  resource jobs 'subnets' = {
    name: 'jobs'
    dependsOn: [app]
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 26, 1)
      delegations: [{ name: 'jobs', properties: { serviceName: 'Microsoft.App/environments' } }]
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    dependsOn: [jobs]
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 27, 4)
    }
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [for item in items(zones): {
  name: item.value
  location: 'global'
  tags: tags
}]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (item, index) in items(zones): {
  parent: zone[index]
  name: name
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = [for target in targets: {
  name: 'pe-${target.name}-${name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network::endpoints.id }
    privateLinkServiceConnections: [
      {
        name: target.name
        properties: { privateLinkServiceId: resourceId(target.type, target.of), groupIds: [target.group] }
      }
    ]
  }
}]

resource answers 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [for (target, index) in targets: {
  parent: endpoint[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: target.zone
        properties: { privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', zones[target.zone]) }
      }
    ]
  }
  dependsOn: [zone, link]
}]

output appSubnetId string = network::app.id
output jobsSubnetId string = network::jobs.id
