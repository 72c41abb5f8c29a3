using System.Globalization;
using Lzn.Durable.History;
using Lzn.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Storage;

/// <summary>
/// The record of an instance, instances/{id}.json. It says how the current execution began and, once the instance is over, how it ended; what
/// lies between is only in the history. Its blob's metadata repeats what listings filter by.
/// </summary>
/// <param name="StartId">Execution id of the start; kept when the instance continues as new.</param>
/// <param name="Carried">What the execution takes first, from the one before it. History knows what it has taken already.</param>
/// <param name="HistoryLength">How much of the history, in bytes, the status here accounts for; readers need only what follows.</param>
/// <param name="Trace">Where in a trace it was started; the spans of its executions are below it.</param>
/// <param name="Children">Instances that it started, for recursive purges; known once it is over.</param>
internal sealed record InstanceRecord(
    string InstanceId,
    string Name,
    string Version,
    string StartId,
    string ExecutionId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    OrchestrationRuntimeStatus Status,
    Payload? Input,
    DateTimeOffset? StartAt = null,
    ParentLink? Parent = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    IReadOnlyList<HistoryEvent>? Carried = null,
    IReadOnlyList<string>? SeenMessages = null,
    Payload? Output = null,
    Payload? CustomStatus = null,
    TaskFailureDetails? Failure = null,
    IReadOnlyList<string>? Children = null,
    long HistoryLength = 0,
    TraceLink? Trace = null)
{
    private const int MostSeenMessages = 1000; // a record is read and written whole

    /// <summary>The first event of the execution.</summary>
    public ExecutionStarted ToStart() => new(Name, Version, InstanceId, ExecutionId, Input, Parent, Tags, SeenMessages);

    /// <summary>The record as it is after the turns that the state has seen.</summary>
    public InstanceRecord After(InstanceState state) => state.UpdatedAt == default ? this : this with
    {
        Status = state.Status,
        UpdatedAt = state.UpdatedAt,
        Output = state.Output,
        CustomStatus = state.CustomStatus ?? CustomStatus,
        Failure = state.Failure,
    };

    /// <summary>The record of the execution that continues this one as new.</summary>
    /// <param name="customStatus">With its text: what the old execution stored aside goes with it.</param>
    public InstanceRecord Next(ContinuedAsNew next, Payload? customStatus, IEnumerable<string> seen)
    {
        var carried = next.Carried.Select(raised => raised.MessageId).ToHashSet();
        return this with
        {
            ExecutionId = next.ExecutionId,
            Version = next.Version,
            Input = Payload.Of(next.Input?.Text),
            CustomStatus = Payload.Of(customStatus?.Text),
            Carried = [.. next.Carried.Select(raised => raised with { Input = Payload.Of(raised.Input?.Text) })],
            SeenMessages = [.. seen.Where(id => !carried.Contains(id)).TakeLast(MostSeenMessages)],
            Status = OrchestrationRuntimeStatus.Running,
            HistoryLength = 0,
            Output = null,
        };
    }

    public Dictionary<string, string> ToMetadata() => new()
    {
        ["name"] = Uri.EscapeDataString(Name), // metadata travels in HTTP headers
        ["status"] = Status.ToString(),
        ["created"] = CreatedAt.ToString("o", CultureInfo.InvariantCulture),
        ["updated"] = UpdatedAt.ToString("o", CultureInfo.InvariantCulture),
    };
}
