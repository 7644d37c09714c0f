// ServerlessRec on Azure: one Functions app on Flex Consumption, one storage account for its host and one for the data, one event hub, its
// telemetry, and a vault that only holds the API's keys. Everything signs in as one managed identity; no key, no connection string with a secret.
targetScope = 'subscription'

@description('Required. Name of the environment; part of the resource group\'s name and of every resource\'s tag.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Required. Region of every resource.')
param location string

@description('Optional. Object id of the person or pipeline that deploys: may then train into the store and set the API\'s keys. Empty: nobody.')
param principalId string = ''

@description('Optional. Kind of that principal.')
@allowed(['User', 'ServicePrincipal', 'Group'])
param principalType string = 'User'

@description('Optional. Memory of an instance: 512, 2048 or 4096 MB bring 0.25, 1 or 2 cores.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Optional. Instances at most, over all functions.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Optional. HTTP instances that are always running; 0 is cheapest and starts cold.')
@minValue(0)
@maxValue(100)
param httpAlwaysReady int = 1

@description('Optional. Instances for the feedback consumer that are always running; 0 is cheapest, and the first feedback after a pause waits for a start.')
@minValue(0)
@maxValue(32)
param consumerAlwaysReady int = 1

@description('Optional. Requests that one HTTP instance answers at once before another is started.')
@minValue(1)
@maxValue(1000)
param httpPerInstanceConcurrency int = 100

@description('Optional. Partitions of the hub: how many consumer instances can work at once. Cannot be changed later below the Premium tier.')
@minValue(1)
@maxValue(32)
param partitionCount int = 8

@description('Optional. Throughput units: each takes 1 MB or 1,000 events a second.')
@minValue(1)
@maxValue(40)
param throughputUnits int = 1

@description('Optional. Throughput units that the namespace may grow to by itself.')
@minValue(1)
@maxValue(40)
param maximumThroughputUnits int = 4

@description('Optional. Hours that the hub keeps feedback: how long the consumer may be away before something is lost.')
@minValue(1)
@maxValue(168)
param retentionHours int = 168

@description('Optional. `dotnet-isolated` runs functions/Worker; `custom` runs functions/Standalone as a custom handler.')
@allowed(['dotnet-isolated', 'custom'])
param runtimeName string = 'dotnet-isolated'

@description('Optional. Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Optional. Address that alerts go to; empty: they are only shown in the portal.')
param alertEmail string = ''

@description('Optional. Image with the training program that a nightly job runs; empty: no job.')
param retrainImage string = ''

@description('Optional. When that job runs, as cron in UTC.')
param retrainSchedule string = '30 2 * * *'

@description('Optional. True: accounts, hub and vault are reached through a network of the app\'s own, and from nowhere else but `allowedAddresses`.')
param privateNetworking bool = false

@description('Optional. Public addresses or ranges that may reach them all the same, such as the one that trains or sets keys from; only with `privateNetworking`.')
param allowedAddresses string[] = []

@description('Optional. Addresses of that network, a /24 or larger; only with `privateNetworking`.')
param networkAddresses string = '10.71.0.0/24'

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }

// The names that the code has as constants; tests compare both.
var containerName = 'serverlessrec'
var usersTableName = 'users'
var hubName = 'feedback'
var consumerGroupName = 'serverlessrec'
var hubConnectionName = 'FeedbackHub'
var consumerFunctionName = 'UpdateUsers'

var names = {
  identity: 'id-${token}'
  hostStorage: 'sthost${token}'
  dataStorage: 'stdata${token}'
  deploymentContainer: 'deployment'
  eventHubs: 'evhns-${token}'
  vault: 'kv-${token}'
  logs: 'log-${token}'
  insights: 'appi-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
  network: 'vnet-${token}'
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    logsName: names.logs
    insightsName: names.insights
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    hostName: names.hostStorage
    dataName: names.dataStorage
    deploymentContainerName: names.deploymentContainer
    dataContainerName: containerName
    usersTableName: usersTableName
    sku: storageSku
    isPrivate: privateNetworking
    allowedAddresses: allowedAddresses
    location: location
    tags: tags
  }
}

module eventHubs 'modules/eventhubs.bicep' = {
  scope: group
  params: {
    name: names.eventHubs
    hubName: hubName
    consumerGroupName: consumerGroupName
    partitionCount: partitionCount
    throughputUnits: throughputUnits
    maximumThroughputUnits: maximumThroughputUnits
    retentionHours: retentionHours
    isPrivate: privateNetworking
    allowedAddresses: allowedAddresses
    location: location
    tags: tags
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    isPrivate: privateNetworking
    allowedAddresses: allowedAddresses
    location: location
    tags: tags
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: names.network
    hostStorageName: names.hostStorage
    dataStorageName: names.dataStorage
    eventHubsName: names.eventHubs
    vaultName: names.vault
    addressPrefix: networkAddresses
    location: location
    tags: tags
  }
  dependsOn: [storage, eventHubs, vault]
}

module rbac 'modules/rbac.bicep' = {
  scope: group
  params: {
    identityName: names.identity
    hostStorageName: names.hostStorage
    dataStorageName: names.dataStorage
    dataContainerName: containerName
    usersTableName: usersTableName
    eventHubsName: names.eventHubs
    hubName: hubName
    insightsName: names.insights
    vaultName: names.vault
    principalId: principalId
    principalType: principalType
  }
  dependsOn: [identity, storage, eventHubs, monitoring, vault]
}

module functionApp 'modules/functionapp.bicep' = {
  scope: group
  params: {
    name: names.app
    planName: names.plan
    identityName: names.identity
    insightsName: names.insights
    hostStorageName: names.hostStorage
    deploymentContainerName: names.deploymentContainer
    dataStorageName: names.dataStorage
    dataContainerName: containerName
    usersTableName: usersTableName
    eventHubsName: names.eventHubs
    hubName: hubName
    hubConnectionName: hubConnectionName
    consumerFunctionName: consumerFunctionName
    vaultName: names.vault
    runtimeName: runtimeName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpAlwaysReady: httpAlwaysReady
    consumerAlwaysReady: consumerAlwaysReady
    httpPerInstanceConcurrency: httpPerInstanceConcurrency
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    location: location
    tags: tags
  }
  // The app reads its package and its keys when it starts, so the roles must be there before it is.
  dependsOn: [rbac]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    insightsName: names.insights
    appName: names.app
    email: alertEmail
    location: location
    tags: tags
  }
  dependsOn: [functionApp]
}

module retraining 'modules/retraining.bicep' = if (!empty(retrainImage)) {
  scope: group
  params: {
    name: 'retrain-${token}'
    image: retrainImage
    schedule: retrainSchedule
    identityName: names.identity
    logsName: names.logs
    dataStorageName: names.dataStorage
    dataContainerName: containerName
    usersTableName: usersTableName
    eventHubsName: names.eventHubs
    hubName: hubName
    subnetId: privateNetworking ? network!.outputs.jobsSubnetId : ''
    location: location
    tags: tags
  }
  dependsOn: [rbac]
}

output AZURE_RESOURCE_GROUP string = group.name
output SERVERLESSREC_APP string = names.app
output SERVERLESSREC_STORE string = 'https://${names.dataStorage}.blob.${environment().suffixes.storage}'
output SERVERLESSREC_EVENTHUBS string = '${names.eventHubs}.servicebus.windows.net'
output SERVERLESSREC_VAULT string = names.vault
