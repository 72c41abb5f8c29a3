using Azure.Core;
using Azure.Core.Pipeline;

namespace Lzn.Durable.Storage;

/// <summary>Counts every request that leaves for the storage account, retries included: they are what an account is billed by.</summary>
internal sealed class OperationCounter : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message) => Telemetry.StorageOperations.Add(1);
}
