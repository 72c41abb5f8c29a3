using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Lzn.Durable.History;
using SummaryPage = Microsoft.DurableTask.Page<Lzn.Durable.Storage.InstanceSummary>;

namespace Lzn.Durable.Storage;

/// <summary>The records of instances. Every write names the version it replaces.</summary>
internal sealed class InstanceStore(BlobContainerClient container, PayloadStore payloads)
{
    /// <returns>Null when there is no such instance.</returns>
    public async Task<Stored?> ReadAsync(string instanceId, CancellationToken stop)
    {
        var blob = Blob(instanceId);
        try
        {
            var content = await blob.DownloadContentAsync(stop).ConfigureAwait(false);
            return new Stored(HistoryJson.FromBytes<InstanceRecord>(content.Value.Content.ToMemory().Span, blob.Name), content.Value.Details.ETag, content.Value.Details.LastModified);
        }
        catch (RequestFailedException fault) when (StorageFault.IsMissing(fault))
        {
            return null;
        }
    }

    /// <returns>Null when the id is in use.</returns>
    public async Task<Stored?> CreateAsync(InstanceRecord record, CancellationToken stop)
    {
        var stored = await StorePayloadsAsync(record, stop).ConfigureAwait(false);
        var written = await Blob(record.InstanceId).TryCreateAsync(HistoryJson.ToBytes(stored), stored.ToMetadata(), stop).ConfigureAwait(false);
        return written is { } info ? new Stored(stored, info.ETag, info.LastModified) : null;
    }

    /// <returns>Null when somebody else wrote in between.</returns>
    public async Task<Stored?> ReplaceAsync(InstanceRecord record, ETag replaced, CancellationToken stop)
    {
        var stored = await StorePayloadsAsync(record, stop).ConfigureAwait(false);
        var options = new BlobUploadOptions { Metadata = stored.ToMetadata(), Conditions = new BlobRequestConditions { IfMatch = replaced } };
        try
        {
            var written = await Blob(record.InstanceId).UploadAsync(BinaryData.FromBytes(HistoryJson.ToBytes(stored)), options, stop).ConfigureAwait(false);
            return new Stored(stored, written.Value.ETag, written.Value.LastModified);
        }
        catch (RequestFailedException fault) when (StorageFault.IsConflict(fault) || StorageFault.IsMissing(fault))
        {
            return null;
        }
    }

    /// <summary>One segment of all instances in order of their ids.</summary>
    public async Task<SummaryPage> ListAsync(string? idPrefix, int pageSize, string? continuationToken, CancellationToken stop)
    {
        var blobs = container.GetBlobsAsync(BlobTraits.Metadata, prefix: HubNames.InstancePrefix(idPrefix ?? ""), cancellationToken: stop);
        await foreach (var page in blobs.AsPages(continuationToken, pageSize).ConfigureAwait(false))
        {
            var next = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
            return new SummaryPage([.. page.Values.Select(blob => InstanceSummary.Of(blob.Name, blob.Metadata))], next);
        }

        return new SummaryPage([]);
    }

    /// <summary>Deletes the record, unless somebody else wrote in between.</summary>
    /// <returns>Whether the instance is gone.</returns>
    public async Task<bool> DeleteAsync(Stored instance, CancellationToken stop)
    {
        var id = instance.Record.InstanceId;
        try
        {
            await Blob(id).DeleteAsync(conditions: new BlobRequestConditions { IfMatch = instance.Version }, cancellationToken: stop).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException fault) when (StorageFault.IsConflict(fault) || StorageFault.IsMissing(fault))
        {
            return await IsGoneAsync(id, instance.Record.StartId, stop).ConfigureAwait(false); // perhaps by us: an answer can be lost
        }
    }

    /// <summary>Whether there is no such instance, or a later one of the same id.</summary>
    public async Task<bool> IsGoneAsync(string instanceId, string startId, CancellationToken stop) =>
        await ReadAsync(instanceId, stop).ConfigureAwait(false) is not { } stored || stored.Record.StartId != startId;

    /// <summary>Deletes what an execution leaves behind once another one has taken its place.</summary>
    public async Task DeleteExecutionAsync(string instanceId, string executionId, CancellationToken stop)
    {
        await container.DeleteBlobIfExistsAsync(HubNames.History(instanceId, executionId), cancellationToken: stop).ConfigureAwait(false);
        await container.DeletePrefixAsync(HubNames.Payloads(instanceId, executionId), stop).ConfigureAwait(false);
    }

    /// <summary>Says that the instance has work to do, before it has.</summary>
    public Task MarkActiveAsync(int partition, InstanceRecord record, CancellationToken stop) =>
        container.GetBlobClient(HubNames.Active(partition, record.InstanceId, record.StartId)).UploadAsync(BinaryData.Empty, overwrite: true, stop);

    public Task UnmarkActiveAsync(int partition, string instanceId, string startId, CancellationToken stop) =>
        container.DeleteBlobIfExistsAsync(HubNames.Active(partition, instanceId, startId), cancellationToken: stop);

    /// <summary>Whether work is left of the instance, be it only to tell the parent of its end.</summary>
    public async Task<bool> IsMarkedActiveAsync(int partition, InstanceRecord record, CancellationToken stop) =>
        await container.GetBlobClient(HubNames.Active(partition, record.InstanceId, record.StartId)).ExistsAsync(stop).ConfigureAwait(false);

    /// <summary>The instances of a partition that have work to do, with the age of their marks.</summary>
    public async IAsyncEnumerable<ActiveMark> ListActiveAsync(int partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var blob in container.GetBlobsAsync(prefix: HubNames.Active(partition), cancellationToken: stop).ConfigureAwait(false))
            yield return new ActiveMark(HubNames.InstanceIdOfMark(blob.Name), blob.Name.Split('/')[3], blob.Properties.LastModified ?? DateTimeOffset.UtcNow);
    }

    private async Task<InstanceRecord> StorePayloadsAsync(InstanceRecord record, CancellationToken stop)
    {
        var folder = HubNames.Payloads(record.InstanceId, record.ExecutionId);
        return record with
        {
            Input = await StoreAsync(record.Input).ConfigureAwait(false),
            Output = await StoreAsync(record.Output).ConfigureAwait(false),
            CustomStatus = await StoreAsync(record.CustomStatus).ConfigureAwait(false),
            Carried = record.Carried is { } carried ? await payloads.StoreAsync(carried, folder, stop).ConfigureAwait(false) : null,
        };

        async Task<Payload?> StoreAsync(Payload? payload) => payload is null ? null : await payloads.StoreAsync(payload, folder, stop).ConfigureAwait(false);
    }

    private BlobClient Blob(string instanceId) => container.GetBlobClient(HubNames.Instance(instanceId));

    /// <param name="WrittenAt">By the clock of storage.</param>
    internal sealed record Stored(InstanceRecord Record, ETag Version, DateTimeOffset WrittenAt);

    internal sealed record ActiveMark(string InstanceId, string StartId, DateTimeOffset At);
}
