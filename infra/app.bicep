param name string
param location string
param storageName string
param jobName string
param reembedSchedule string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-app'
  location: location
}

module roles 'storage-roles.bicep' = {
  name: 'app-storage-roles'
  params: { storageName: storageName, principalId: identity.properties.principalId, isHost: true }
}

resource job 'Microsoft.App/jobs@2024-03-01' existing = { name: jobName }

// Starting, stopping and looking at executions of jobs, and nothing else.
resource jobRunner 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'lzn-job-runner')
  properties: {
    roleName: 'LznPipeline job runner (${name})'
    type: 'customRole'
    assignableScopes: [ resourceGroup().id ]
    permissions: [ { actions: [ 'Microsoft.App/jobs/read', 'Microsoft.App/jobs/*/read', 'Microsoft.App/jobs/*/action' ] } ]
  }
}

resource mayRunJobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(job.id, identity.id, jobRunner.id)
  scope: job
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: jobRunner.id
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-plan'
  location: location
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-app'
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2048 }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${environment().suffixes.storage}/app-package'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
    }
    siteConfig: {
      appSettings: [
        { name: 'AzureWebJobsStorage__accountName', value: storageName }
        { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
        { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
        { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
        { name: 'ReembedSchedule', value: reembedSchedule }
        { name: 'Lzn__Launcher', value: 'ContainerApp' }
        { name: 'Lzn__PartsAtOnce', value: '32' }
        { name: 'Lzn__ContainerApp__SubscriptionId', value: subscription().subscriptionId }
        { name: 'Lzn__ContainerApp__ResourceGroup', value: resourceGroup().name }
        { name: 'Lzn__ContainerApp__Job', value: jobName }
      ]
    }
  }
  dependsOn: [ roles ]
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
