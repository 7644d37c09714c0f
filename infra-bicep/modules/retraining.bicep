// A job that trains on the archive and publishes, on a schedule; the app notices the new release by itself.
@description('Required. Name of the job and its environment.')
param name string

@description('Required. Image with the training program.')
param image string

@description('Required. Cron in UTC.')
param schedule string

@description('Required. The identity it signs in as.')
param identityName string

@description('Required. The log workspace.')
param logsName string

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

@description('Required. Subnet it works in; empty: none.')
param subnetId string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: logsName
}

resource environmentOfJob 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: true }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  }
}

resource logging 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environmentOfJob
  properties: {
    workspaceId: logs.id
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource job 'Microsoft.App/jobs@2025-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentOfJob.id
    configuration: {
      triggerType: 'Schedule'
      replicaTimeout: 21600
      replicaRetryLimit: 1
      scheduleTriggerConfig: { cronExpression: schedule, parallelism: 1, replicaCompletionCount: 1 }
    }
    template: {
      containers: [
        {
          name: 'train'
          image: image
          resources: { cpu: json('4.0'), memory: '8Gi' }
          env: [
            { name: 'SERVERLESSREC_STORE', value: 'https://${dataStorageName}.blob.${environment().suffixes.storage}' }
            { name: 'SERVERLESSREC_CONTAINER', value: dataContainerName }
            { name: 'SERVERLESSREC_USERS_TABLE', value: usersTableName }
            { name: 'SERVERLESSREC_EVENTHUBS', value: '${eventHubsName}.servicebus.windows.net' }
            { name: 'SERVERLESSREC_EVENTHUB', value: hubName }
            { name: 'SERVERLESSREC_CLIENT_ID', value: identity.properties.clientId }
          ]
        }
      ]
    }
  }
}
