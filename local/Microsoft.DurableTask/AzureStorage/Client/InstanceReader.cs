using System.Collections.Immutable;
using Azure;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>Reads instances as their histories have them: the record, and for one that is not over the turns after it.</summary>
internal sealed class InstanceReader(TaskHub hub, DataConverter converter)
{
    /// <returns>Null when there is no such instance. The version is that of the record in storage, which may be behind.</returns>
    public async Task<InstanceStore.Stored?> ReadAsync(string instanceId, CancellationToken stop)
    {
        if (await hub.Instances.ReadAsync(instanceId, stop).ConfigureAwait(false) is not { } stored)
            return null;
        if (InstanceState.IsFinal(stored.Record.Status))
            return stored;
        var state = new InstanceState(stored.Record.Status);
        var (turns, _) = await hub.Histories.ReadAsync(instanceId, stored.Record.ExecutionId, stored.Record.HistoryLength, stop).ConfigureAwait(false);
        foreach (var turn in turns)
            state.Apply(turn);
        return stored with { Record = stored.Record.After(state) };
    }

    /// <returns>Null when there is no such instance, or none that is wanted.</returns>
    public async Task<OrchestrationMetadata?> FindAsync(string instanceId, Predicate<InstanceRecord> isWanted, bool withPayloads, CancellationToken stop)
    {
        while (await ReadAsync(instanceId, stop).ConfigureAwait(false) is { } stored && isWanted(stored.Record))
        {
            if (await DescribeAsync(stored, withPayloads, stop).ConfigureAwait(false) is { } instance)
                return instance;
        }

        return null;
    }

    /// <returns>Null when the instance was purged, or began anew, while its payloads were read.</returns>
    public async Task<OrchestrationMetadata?> DescribeAsync(InstanceStore.Stored instance, bool withPayloads, CancellationToken stop)
    {
        try
        {
            return await ToMetadataAsync(instance.Record, withPayloads, stop).ConfigureAwait(false);
        }
        catch (RequestFailedException fault) when (StorageFault.IsMissing(fault))
        {
            if (await hub.Instances.ReadAsync(instance.Record.InstanceId, stop).ConfigureAwait(false) is { } now && now.Version == instance.Version)
                throw;
            return null;
        }
    }

    private async Task<OrchestrationMetadata> ToMetadataAsync(InstanceRecord record, bool withPayloads, CancellationToken stop) => new(record.Name, record.InstanceId)
    {
        DataConverter = withPayloads ? converter : null,
        RuntimeStatus = record.Status,
        CreatedAt = record.CreatedAt,
        LastUpdatedAt = record.UpdatedAt,
        SerializedInput = await TextAsync(record.Input, withPayloads, stop).ConfigureAwait(false),
        SerializedOutput = await TextAsync(record.Output, withPayloads, stop).ConfigureAwait(false),
        SerializedCustomStatus = await TextAsync(record.CustomStatus, withPayloads, stop).ConfigureAwait(false),
        FailureDetails = record.Failure,
        Tags = record.Tags ?? ImmutableDictionary<string, string>.Empty,
    };

    private async Task<string?> TextAsync(Payload? payload, bool wanted, CancellationToken stop) =>
        wanted ? (await hub.Payloads.LoadAsync(payload, stop).ConfigureAwait(false))?.Text : null;
}
