// The feedback log: one hub, a consumer group of our own, no shared keys.
@description('Required. Name of the namespace.')
param name string

@description('Required. Name of the hub.')
param hubName string

@description('Required. The consumer group of the function that applies feedback.')
param consumerGroupName string

@description('Required. Partitions.')
param partitionCount int

@description('Required. Throughput units to begin with.')
param throughputUnits int

@description('Required. Throughput units at most.')
param maximumThroughputUnits int

@description('Required. Hours that events are kept.')
param retentionHours int

@description('Required. True: only private endpoints and the allowed addresses reach it.')
param isPrivate bool

@description('Required. Public addresses or ranges that may reach it all the same.')
param allowedAddresses string[]

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard', capacity: throughputUnits }
  properties: {
    disableLocalAuth: true
    isAutoInflateEnabled: maximumThroughputUnits > throughputUnits
    maximumThroughputUnits: maximumThroughputUnits > throughputUnits ? maximumThroughputUnits : 0
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
  }

  resource rules 'networkRuleSets' = {
    name: 'default'
    properties: {
      publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for address in (isPrivate ? allowedAddresses : []): { ipMask: address, action: 'Allow' }]
    }
  }

  resource hub 'eventhubs' = {
    name: hubName
    properties: {
      partitionCount: partitionCount
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: retentionHours }
    }

    resource consumerGroup 'consumergroups' = {
      name: consumerGroupName
    }
  }
}
