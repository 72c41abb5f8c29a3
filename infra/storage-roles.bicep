// What the pipeline's programs may do with its storage account.
param storageName string
param principalId string

@description('The Functions host also keeps queues and tables there.')
param isHost bool

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var roles = isHost ? [ blobDataOwner, queueDataContributor, tableDataContributor ] : [ blobDataContributor ]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = { name: storageName }

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]
