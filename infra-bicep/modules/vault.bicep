// Holds the API's keys (read-keys, write-keys, admin-keys) and nothing else; they are set by hand or pipeline, never by a template.
@description('Required. Name of the vault.')
param name string

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
    publicNetworkAccess: 'Enabled'
  }
}
