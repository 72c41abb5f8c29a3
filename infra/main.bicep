// Everything the pipeline needs in Azure: storage, a Functions app on the Flex Consumption plan, and a Container Apps job with GPUs.
// Nothing here holds a key: app and job use one managed identity each, and storage refuses shared keys.
targetScope = 'resourceGroup'

@description('Prefix of all names: 3 to 11 lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string

param location string = resourceGroup().location

@description('Image of lzn-gpu, such as myregistry.azurecr.io/lzn-gpu:0.1.0, built from infra/gpu-job.Dockerfile.')
param jobImage string

@description('Login server of the registry that holds the image; the job\'s identity needs AcrPull there.')
param registryServer string

@description('GPU workload profile of the Container Apps environment; what a region offers differs.')
param gpuProfile string = 'Consumption-GPU-NC24-A100'

@description('NCRONTAB expression, UTC, of the nightly re-embedding.')
param reembedSchedule string = '0 0 2 * * *'

@description('How long one attempt of a job may take, seconds. A job that is cut off goes on from its last checkpoint.')
param jobTimeoutSeconds int = 604800

module storage 'storage.bicep' = {
  name: 'storage'
  params: { name: '${name}store', location: location }
}

module job 'gpu-job.bicep' = {
  name: 'gpu-job'
  params: {
    name: name
    location: location
    image: jobImage
    registryServer: registryServer
    workloadProfile: gpuProfile
    timeoutSeconds: jobTimeoutSeconds
    storageName: storage.outputs.name
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    name: name
    location: location
    storageName: storage.outputs.name
    jobName: job.outputs.name
    reembedSchedule: reembedSchedule
  }
}

output appName string = app.outputs.name
output appUrl string = app.outputs.url
output storageName string = storage.outputs.name
output jobName string = job.outputs.name
