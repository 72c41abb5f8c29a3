using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>
/// Lets a failed instance run on from before its failure, as a new execution with a copy of the history. Failed sub-orchestrations are rewound first, so
/// that the parent finds them running.
/// </summary>
internal sealed class InstanceRewind(TaskHub hub, TimeProvider clock)
{
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has not failed, or changes meanwhile.</exception>
    public async Task RewindAsync(string instanceId, string reason, CancellationToken stop)
    {
        var stored = await hub.Instances.ReadAsync(instanceId, stop).ConfigureAwait(false)
            ?? throw new ArgumentException($"There is no instance '{instanceId}' to rewind.", nameof(instanceId));
        if (stored.Record.Status != OrchestrationRuntimeStatus.Failed)
            throw new InvalidOperationException($"Instance '{instanceId}' is {stored.Record.Status}. Only a Failed instance can be rewound.");
        await RewindAsync(stored, Guid.NewGuid().ToString("N"), stored.Record.Parent, reason, stop).ConfigureAwait(false);
        await hub.Messages.SendAsync(new ControlMessage(instanceId), stop).ConfigureAwait(false);
    }

    private async Task RewindAsync(InstanceStore.Stored stored, string execution, ParentLink? parent, string reason, CancellationToken stop)
    {
        var failed = stored.Record;
        var (turns, _) = await hub.Histories.ReadAsync(failed.InstanceId, failed.ExecutionId, from: 0, stop).ConfigureAwait(false);
        var rewound = RewoundHistory.Of(await hub.Payloads.LoadAsync(turns, stop).ConfigureAwait(false));
        foreach (var call in rewound.Undone.OfType<SubOrchestrationScheduled>())
            await RewindChildAsync(call, execution, reason, stop).ConfigureAwait(false);

        await hub.Histories.CopyAsync(failed.InstanceId, execution, rewound.Turns, stop).ConfigureAwait(false);
        var running = failed with
        {
            ExecutionId = execution,
            Parent = parent,
            Status = OrchestrationRuntimeStatus.Running,
            UpdatedAt = clock.GetUtcNow(),
            Output = null,
            Failure = null,
            Children = null,
            HistoryLength = 0,
            Carried = [new ExecutionRewound(execution, reason), .. rewound.TakenAgain.Select(happened => Payloads.Map(happened, payload => new Payload(payload.Text)))], // whole: the blobs are the failed execution's
        };
        await hub.Instances.MarkActiveAsync(hub.PartitionOf(failed.InstanceId), running, stop).ConfigureAwait(false);
        if (await hub.Instances.ReplaceAsync(running, stored.Version, stop).ConfigureAwait(false) is null)
            throw new InvalidOperationException($"Instance '{failed.InstanceId}' was changed while it was being rewound. Look at it and try again.");
    }

    private async Task RewindChildAsync(SubOrchestrationScheduled call, string parentExecution, string reason, CancellationToken stop)
    {
        var child = await hub.Instances.ReadAsync(call.InstanceId, stop).ConfigureAwait(false);
        if (child is { Record: { Status: OrchestrationRuntimeStatus.Failed, Parent: { } link } record } && record.StartId == call.ExecutionId)
            await RewindAsync(child, Guid.NewGuid().ToString("N"), link with { ExecutionId = parentExecution }, reason, stop).ConfigureAwait(false);
    }
}
