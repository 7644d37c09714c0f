// Every role that anybody has, each because of a call that needs it.
@description('Required. The app\'s identity.')
param identityName string

@description('Required. The host\'s storage account.')
param hostStorageName string

@description('Required. The data\'s storage account.')
param dataStorageName string

@description('Required. The data\'s container.')
param dataContainerName string

@description('Required. The users\' table.')
param usersTableName string

@description('Required. The Event Hubs namespace.')
param eventHubsName string

@description('Required. The hub.')
param hubName string

@description('Required. The Application Insights component.')
param insightsName string

@description('Required. The vault.')
param vaultName string

@description('Required. Object id of whoever deploys; empty: nobody.')
param principalId string

@description('Required. Kind of that principal.')
param principalType string

var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  hubReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  hubSender: '2b629674-e913-4c01-ae53-ef4638d8f975'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: dataContainerName
    }
  }

  resource tables 'tableServices' existing = {
    name: 'default'

    resource users 'tables' existing = {
      name: usersTableName
    }
  }
}

resource eventHubs 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: eventHubsName

  resource hub 'eventhubs' existing = {
    name: hubName
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

// The host: package, leases, checkpoints and timers; its keys; what it notes about failures.
var hostRoles = [roles.blobOwner, roles.queueContributor, roles.tableContributor]

resource hostRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in hostRoles: {
  name: guid(hostStorage.id, identity.id, role)
  scope: hostStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}]

// AzureBlobStore: releases, catalogue log, archive, dead letters, leases.
resource dataBlobRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage::blobs::container.id, identity.id, roles.blobContributor)
  scope: dataStorage::blobs::container
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// TableUserStore: a row a user.
resource dataTableRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage::tables::users.id, identity.id, roles.tableContributor)
  scope: dataStorage::tables::users
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableContributor)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// The trigger receives; the API's feedback log sends. On the hub, not on its namespace.
var hubRoles = [roles.hubReceiver, roles.hubSender]

resource hubRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in hubRoles: {
  name: guid(eventHubs::hub.id, identity.id, role)
  scope: eventHubs::hub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}]

// The telemetry exporter.
resource insightsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.id, roles.metricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// The platform reads the API's keys for the app's settings.
resource vaultRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, roles.secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Whoever deploys trains into the store, imports users and sets the keys.
resource trainerBlobRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(dataStorage::blobs::container.id, principalId, roles.blobContributor)
  scope: dataStorage::blobs::container
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobContributor)
    principalId: principalId
    principalType: principalType
  }
}

resource trainerTableRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(dataStorage::tables::users.id, principalId, roles.tableContributor)
  scope: dataStorage::tables::users
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.tableContributor)
    principalId: principalId
    principalType: principalType
  }
}

resource keySetterRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(vault.id, principalId, roles.secretsOfficer)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsOfficer)
    principalId: principalId
    principalType: principalType
  }
}
