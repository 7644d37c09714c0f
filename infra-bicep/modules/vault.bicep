// Holds the API's keys (read-keys, write-keys, admin-keys) and nothing else; they are set by hand or pipeline, never by a template.
@description('Required. Name of the vault.')
param name string

@description('Required. True: only private endpoints and the allowed addresses reach it.')
param isPrivate bool

@description('Required. Public addresses or ranges that may reach it all the same.')
param allowedAddresses string[]

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 30
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for address in (isPrivate ? allowedAddresses : []): { value: address }]
    }
  }
}
