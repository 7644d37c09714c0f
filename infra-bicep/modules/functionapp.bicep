// The app on Flex Consumption. It signs in to everything as its identity; its settings hold addresses and names only.
@description('Required. Name of the app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. The app\'s identity.')
param identityName string

@description('Required. The Application Insights component.')
param insightsName string

@description('Required. The host\'s storage account.')
param hostStorageName string

@description('Required. Container of the app\'s package.')
param deploymentContainerName string

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

@description('Required. What the trigger calls its connection.')
param hubConnectionName string

@description('Required. The function that applies feedback.')
param consumerFunctionName string

@description('Required. The vault with the API\'s keys.')
param vaultName string

@description('Required. `dotnet-isolated` or `custom`.')
param runtimeName string

@description('Required. Memory of an instance in MB.')
param instanceMemoryMB int

@description('Required. Instances at most.')
param maximumInstanceCount int

@description('Required. HTTP instances that always run.')
param httpAlwaysReady int

@description('Required. Consumer instances that always run.')
param consumerAlwaysReady int

@description('Required. Requests that one instance answers at once.')
param httpPerInstanceConcurrency int

@description('Required. Subnet it works in; empty: none.')
param subnetId string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

var storageSuffix = environment().suffixes.storage

// "10" deploys and never starts; the version string of custom handlers could not be tried.
var runtimeVersion = runtimeName == 'custom' ? '1.0' : '10.0'

var alwaysReady = concat(
  httpAlwaysReady > 0 ? [{ name: 'http', instanceCount: httpAlwaysReady }] : [],
  consumerAlwaysReady > 0 ? [{ name: 'function:${consumerFunctionName}', instanceCount: consumerAlwaysReady }] : []
)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'recommender' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostStorageName}.blob.${storageSuffix}/${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: runtimeName, version: runtimeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: httpPerInstanceConcurrency } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__blobServiceUri: 'https://${hostStorageName}.blob.${storageSuffix}'
      AzureWebJobsStorage__queueServiceUri: 'https://${hostStorageName}.queue.${storageSuffix}'
      AzureWebJobsStorage__tableServiceUri: 'https://${hostStorageName}.table.${storageSuffix}'
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      '${hubConnectionName}__fullyQualifiedNamespace': '${eventHubsName}.servicebus.windows.net'
      '${hubConnectionName}__credential': 'managedidentity'
      '${hubConnectionName}__clientId': identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      SERVERLESSREC_STORE: 'https://${dataStorageName}.blob.${storageSuffix}'
      SERVERLESSREC_CONTAINER: dataContainerName
      SERVERLESSREC_USERS_TABLE: usersTableName
      SERVERLESSREC_EVENTHUBS: '${eventHubsName}.servicebus.windows.net'
      SERVERLESSREC_EVENTHUB: hubName
      SERVERLESSREC_CLIENT_ID: identity.properties.clientId
      SERVERLESSREC_READ_KEYS: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=read-keys)'
      SERVERLESSREC_WRITE_KEYS: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=write-keys)'
      SERVERLESSREC_ADMIN_KEYS: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=admin-keys)'
    }
  }
}
