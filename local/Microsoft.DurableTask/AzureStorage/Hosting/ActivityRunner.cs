using System.Collections.Concurrent;
using System.Diagnostics;
using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>Runs the activities that histories ask for, so many at a time, each once at a time in this process.</summary>
/// <param name="stopping">The host's own stop. Activities may watch it: one that is cancelled after it was interrupted, not failed, and runs again.</param>
internal sealed class ActivityRunner(
    TaskHub hub, IVersionedTaskFactory factory, DataConverter converter, IServiceScopeFactory scopes, int concurrency, CancellationToken stopping, ILogger logger)
    : IDisposable
{
    private readonly SemaphoreSlim _slots = new(concurrency);
    private readonly ConcurrentDictionary<(string ExecutionId, int Id), Task> _running = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Does nothing if the activity is running here. Its result goes to whichever partition of this process has the instance then.</summary>
    public void Start(string instanceId, string executionId, TaskScheduled task)
    {
        if (_stop.IsCancellationRequested)
            return;
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd((executionId, task.Id), running.Task))
            _ = Task.Run(() => RunAndDeliverAsync(instanceId, executionId, task, running));
    }

    /// <summary>Begins nothing more, and waits for what runs, but not longer than the given time.</summary>
    public async Task DrainAsync(TimeSpan longest)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_running.Values).WaitAsync(longest).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // They are in their histories without an end, so they run again.
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _stop.Dispose();
    }

    /// <summary>The activity counts as running until its end is in the history: so it is not begun again meanwhile, and a stop waits for both.</summary>
    private async Task RunAndDeliverAsync(string instanceId, string executionId, TaskScheduled task, TaskCompletionSource running)
    {
        try
        {
            var ended = await RunInSlotAsync(instanceId, task).ConfigureAwait(false);
            Telemetry.Activities.Add(1);
            if (hub.Local.Find(hub.PartitionOf(instanceId)) is { } partition)
                await partition.DeliverAsync(new ControlMessage(instanceId, executionId, ended), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or PartitionLostException)
        {
            // The host stops, or the partition has moved. The activity has no end in the history, so it runs again.
        }
        catch (Exception fault)
        {
            Logs.DeliveryFailed(logger, instanceId, fault);
        }
        finally
        {
            _running.TryRemove((executionId, task.Id), out _);
            running.SetResult();
        }
    }

    private async Task<HistoryEvent> RunInSlotAsync(string instanceId, TaskScheduled task)
    {
        await _slots.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return await RunAsync(instanceId, task).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<HistoryEvent> RunAsync(string instanceId, TaskScheduled task)
    {
        using var trace = Telemetry.Source.StartActivity($"activity {task.Name}", ActivityKind.Internal);
        trace?.SetTag("durable.instance", instanceId);
        var scope = scopes.CreateAsyncScope();
        await using var scopeEnd = scope.ConfigureAwait(false);
        try
        {
            if (!factory.TryCreateActivity(task.Name, task.Version, scope.ServiceProvider, out var activity))
                return new TaskFailed(task.Id, NotFound.Activity(task.Name));
            var input = converter.Deserialize(task.Input?.Text, activity.InputType);
            var result = await activity.RunAsync(new Context(task, instanceId), input).ConfigureAwait(false);
            return new TaskCompleted(task.Id, Payload.Of(converter.Serialize(result)));
        }
        catch (Exception fault) when (!(fault is OperationCanceledException && (_stop.IsCancellationRequested || stopping.IsCancellationRequested)))
        {
            Logs.ActivityFailed(logger, task.Name, task.Id, instanceId, fault);
            trace?.SetStatus(ActivityStatusCode.Error, fault.Message);
            return new TaskFailed(task.Id, TaskFailureDetails.FromException(fault));
        }
    }

    private sealed class Context(TaskScheduled task, string instanceId) : TaskActivityContext
    {
        public override TaskName Name => task.Name;

        public override string InstanceId => instanceId;

        public override string Version => task.Version;
    }
}
