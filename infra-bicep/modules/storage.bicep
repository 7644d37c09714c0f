// Two accounts: the host's leases and checkpoints must not share limits with the data, nor the data's lifecycle rules reach the host.
@description('Required. Name of the host\'s account.')
param hostName string

@description('Required. Name of the data\'s account.')
param dataName string

@description('Required. Container of the app\'s package, in the host\'s account.')
param deploymentContainerName string

@description('Required. Container of releases, catalogue log, archive and dead letters.')
param dataContainerName string

@description('Required. Table of the users.')
param usersTableName string

@description('Required. Redundancy of both accounts.')
param sku string

@description('Required. True: only private endpoints and the allowed addresses reach it.')
param isPrivate bool

@description('Required. Public addresses or ranges that may reach it all the same.')
param allowedAddresses string[]

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

var account = {
  accessTier: 'Hot'
  allowBlobPublicAccess: false
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
  publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
  networkAcls: {
    bypass: 'AzureServices'
    defaultAction: isPrivate ? 'Deny' : 'Allow'
    ipRules: map(isPrivate ? allowedAddresses : [], address => { value: address, action: 'Allow' })
  }
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: hostName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: account

  resource blobs 'blobServices' = {
    name: 'default'

    resource deployment 'containers' = {
      name: deploymentContainerName
    }
  }
}

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: dataName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: account

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 14 }
      containerDeleteRetentionPolicy: { enabled: true, days: 14 }
    }

    resource container 'containers' = {
      name: dataContainerName
    }
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource users 'tables' = {
      name: usersTableName
    }
  }

  // Append blobs cannot be tiered, so what the archive and dead letters are done with is deleted.
  resource lifecycle 'managementPolicies' = {
    name: 'default'
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'old-feedback'
            enabled: true
            type: 'Lifecycle'
            definition: {
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 400 } } }
              filters: { blobTypes: ['appendBlob'], prefixMatch: ['${dataContainerName}/feedback/'] }
            }
          }
          {
            name: 'old-dead-letters'
            enabled: true
            type: 'Lifecycle'
            definition: {
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 90 } } }
              filters: { blobTypes: ['appendBlob'], prefixMatch: ['${dataContainerName}/dead-letters/'] }
            }
          }
        ]
      }
    }
  }
}
