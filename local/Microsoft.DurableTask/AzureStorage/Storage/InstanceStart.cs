using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Storage;

/// <summary>
/// Brings an instance into being. Mark, record, wake-up, in this order: once the record is there the instance exists, and the mark makes sure that it
/// is run even when nothing after that happens.
/// </summary>
internal sealed class InstanceStart(TaskHub hub)
{
    /// <param name="mayReplace">Whether an instance of the same id may be replaced in this status.</param>
    /// <returns>Null when the instance has been started, now or by an earlier try; else the instance that uses the id.</returns>
    public async Task<InstanceRecord?> TryAsync(InstanceRecord record, Func<OrchestrationRuntimeStatus, bool> mayReplace, CancellationToken stop)
    {
        var partition = hub.PartitionOf(record.InstanceId);
        await hub.Instances.MarkActiveAsync(partition, record, stop).ConfigureAwait(false);
        while (await hub.Instances.CreateAsync(record, stop).ConfigureAwait(false) is null)
        {
            if (await hub.Instances.ReadAsync(record.InstanceId, stop).ConfigureAwait(false) is not { } stored)
                continue; // purged in between
            if (stored.Record.StartId == record.StartId)
                break;
            if (!mayReplace(stored.Record.Status))
            {
                await hub.Instances.UnmarkActiveAsync(partition, record.InstanceId, record.StartId, stop).ConfigureAwait(false);
                await hub.Instances.DeleteExecutionAsync(record.InstanceId, record.ExecutionId, stop).ConfigureAwait(false); // a long input
                return stored.Record;
            }

            if (await hub.Instances.ReplaceAsync(record, stored.Version, stop).ConfigureAwait(false) is null)
                continue;
            await hub.Instances.DeleteExecutionAsync(record.InstanceId, stored.Record.ExecutionId, stop).ConfigureAwait(false);
            break;
        }

        await WakeAsync(partition, record.InstanceId, stop).ConfigureAwait(false);
        return null;
    }

    private async Task WakeAsync(int partition, string instanceId, CancellationToken stop)
    {
        if (hub.Local.Find(partition) is { } local)
            _ = WakeAsync(local, new ControlMessage(instanceId));
        else
            await hub.Messages.SendAsync(new ControlMessage(instanceId), stop).ConfigureAwait(false);
    }

    /// <summary>A wake-up carries nothing, so nobody waits for it to be committed; but if the partition goes meanwhile its next host must hear of it.</summary>
    private async Task WakeAsync(LocalHub.IPartition local, ControlMessage wake)
    {
        try
        {
            await local.DeliverAsync(wake, CancellationToken.None).ConfigureAwait(false);
        }
        catch (PartitionLostException)
        {
            await hub.Messages.SendAsync(wake, CancellationToken.None).ConfigureAwait(false); // should this fail too, the mark is found when the marks are next looked at
        }
        catch (Exception)
        {
            // The instance is broken, which its session has written to the log.
        }
    }
}
