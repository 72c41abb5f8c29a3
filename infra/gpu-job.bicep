param name string
param location string
param image string
param registryServer string
param workloadProfile string
param timeoutSeconds int
param storageName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-job'
  location: location
}

module roles 'storage-roles.bicep' = {
  name: 'job-storage-roles'
  params: { storageName: storageName, principalId: identity.properties.principalId, isHost: false }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-job-logs'
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-jobs'
  location: location
  properties: {
    workloadProfiles: [ { name: 'gpu', workloadProfileType: workloadProfile } ]
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: { customerId: logs.properties.customerId, sharedKey: logs.listKeys().primarySharedKey }
    }
  }
}

resource job 'Microsoft.App/jobs@2024-03-01' = {
  name: '${name}-gpu'
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'gpu'
    configuration: {
      triggerType: 'Manual'
      // The workflow decides whether a job is tried again; the platform never does.
      replicaRetryLimit: 0
      replicaTimeout: timeoutSeconds
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 }
      registries: [ { server: registryServer, identity: identity.id } ]
    }
    template: {
      containers: [
        {
          name: 'lzn-gpu'
          image: image
          resources: { cpu: json('24'), memory: '220Gi' }
          env: [
            { name: 'AzureWebJobsStorage', value: 'https://${storageName}.blob.${az.environment().suffixes.storage}' }
            { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
          ]
        }
      ]
    }
  }
}

output name string = job.name
