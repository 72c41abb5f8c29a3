using System.Diagnostics;
using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Lzn.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>Runs one activity: finds its code, gives it a scope of services, and turns what comes of it into an event.</summary>
/// <param name="stopping">The host's own stop. Activities may watch it: one that is cancelled after it was interrupted, not failed, and runs again.</param>
internal sealed class ActivityExecutor(IVersionedTaskFactory factory, DataConverter converter, IServiceScopeFactory scopes, CancellationToken stopping, ILogger logger)
{
    /// <exception cref="OperationCanceledException">The host stops, and the activity with it.</exception>
    public async Task<HistoryEvent> RunAsync(ActivityMessage call, CancellationToken draining)
    {
        using var span = Spans.Run(call.InstanceId, call.Task, call.Trace);
        var begun = Stopwatch.GetTimestamp();
        HistoryEvent? ended = null;
        try
        {
            ended = await RunAsync(call.InstanceId, call.Task, draining).ConfigureAwait(false);
            if (ended is TaskFailed failed)
                span?.SetStatus(ActivityStatusCode.Error, failed.Failure.ErrorMessage);
            return ended;
        }
        finally
        {
            Telemetry.RanActivity(call.Task.Name, Stopwatch.GetElapsedTime(begun), ended);
        }
    }

    private async Task<HistoryEvent> RunAsync(string instanceId, TaskScheduled task, CancellationToken draining)
    {
        var scope = scopes.CreateAsyncScope();
        await using var scopeEnd = scope.ConfigureAwait(false);
        try
        {
            if (!factory.TryCreateActivity(task.Name, task.Version, scope.ServiceProvider, out var activity))
                return new TaskFailed(task.Id, NotFound.Activity(task.Name));
            var input = converter.Deserialize(task.Input?.Text, activity.InputType);
            var result = await activity.RunAsync(new Context(task, instanceId), input).ConfigureAwait(false);
            return new TaskCompleted(task.Id, converter.ToPayload(result, "result of activity", task.Name));
        }
        catch (Exception fault) when (!(fault is OperationCanceledException && (draining.IsCancellationRequested || stopping.IsCancellationRequested)))
        {
            Logs.ActivityFailed(logger, task.Name, task.Id, instanceId, fault);
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
