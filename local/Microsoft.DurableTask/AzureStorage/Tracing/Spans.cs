using System.Diagnostics;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Tracing;

/// <summary>The spans of the engine, with the names and attributes of the Durable Task SDKs.</summary>
internal static class Spans
{
    /// <summary>A client starts an instance.</summary>
    public static Activity? Create(InstanceRecord record) =>
        Describe(Telemetry.Source.StartActivity(Name("create_orchestration", record.Name, record.Version), ActivityKind.Producer), "orchestration", record.Name, record.Version, record.InstanceId)
            ?.SetTag("durabletask.task.execution_id", record.ExecutionId);

    /// <summary>A client sends an event.</summary>
    public static Activity? Raise(string instanceId, string eventName) =>
        Telemetry.Source.StartActivity(Name("orchestration_event", eventName, ""), ActivityKind.Producer)
            ?.SetTag("durabletask.type", "event").SetTag("durabletask.task.name", eventName).SetTag("durabletask.event.target_instance_id", instanceId);

    /// <summary>An activity runs. One that is run again has another span.</summary>
    public static Activity? Run(string instanceId, TaskScheduled task, TraceLink? caller) =>
        Describe(Telemetry.Source.StartActivity(Name("activity", task.Name, task.Version), ActivityKind.Server, caller?.Context ?? default), "activity", task.Name, task.Version, instanceId)
            ?.SetTag("durabletask.task.task_id", task.Id);

    /// <summary>Makes the span of an execution the current one while its code runs, for what the code logs. Nothing is told: a replay would tell it again.</summary>
    public static Activity? Enter(InstanceRecord record)
    {
        if (!Telemetry.Source.HasListeners() || record.Trace?.Context is not { } parent)
            return null;
        var turn = new Activity(Name("orchestration", record.Name, record.Version)) { TraceStateString = parent.TraceState };
        turn.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
        return turn.WithSpanId(TraceLink.SpanIdOf(record.ExecutionId));
    }

    /// <summary>Tells the span of an execution that is over, from its first turn to its last.</summary>
    public static void Tell(InstanceRecord record, InstanceState state)
    {
        using var span = Telemetry.Source.StartActivity(
            Name("orchestration", record.Name, record.Version), ActivityKind.Server, record.Trace?.Context ?? default, startTime: state.StartedAt);
        if (span is null)
            return;
        Describe(span.WithSpanId(TraceLink.SpanIdOf(record.ExecutionId)), "orchestration", record.Name, record.Version, record.InstanceId)!
            .SetTag("durabletask.task.execution_id", record.ExecutionId).SetTag("durabletask.task.status", state.EndStatus);
        if (state.Next is null && state.Status is OrchestrationRuntimeStatus.Failed)
            span.SetStatus(ActivityStatusCode.Error, state.Failure?.ErrorMessage);
        span.SetEndTime(state.UpdatedAt.UtcDateTime);
    }

    private static string Name(string what, string name, string version) => version.Length > 0 ? $"{what}:{name}@({version})" : $"{what}:{name}";

    private static Activity? Describe(Activity? span, string type, string name, string version, string instanceId)
    {
        span?.SetTag("durabletask.type", type).SetTag("durabletask.task.name", name).SetTag("durabletask.task.instance_id", instanceId);
        return version.Length > 0 ? span?.SetTag("durabletask.task.version", version) : span;
    }
}
