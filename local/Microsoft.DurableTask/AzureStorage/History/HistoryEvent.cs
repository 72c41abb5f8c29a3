using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.History;

/// <summary>
/// One thing that happened to an execution. The discriminators and fields are the stored format: they are only added to, never renamed.
/// Example: <c>{"is":"TaskCompleted","Id":3,"Result":"42"}</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(ExecutionStarted), nameof(ExecutionStarted))]
[JsonDerivedType(typeof(TaskCompleted), nameof(TaskCompleted))]
[JsonDerivedType(typeof(TaskFailed), nameof(TaskFailed))]
[JsonDerivedType(typeof(TimerFired), nameof(TimerFired))]
[JsonDerivedType(typeof(EventRaised), nameof(EventRaised))]
[JsonDerivedType(typeof(ExecutionSuspended), nameof(ExecutionSuspended))]
[JsonDerivedType(typeof(ExecutionResumed), nameof(ExecutionResumed))]
[JsonDerivedType(typeof(ExecutionTerminated), nameof(ExecutionTerminated))]
[JsonDerivedType(typeof(ExecutionRewound), nameof(ExecutionRewound))]
[JsonDerivedType(typeof(TaskScheduled), nameof(TaskScheduled))]
[JsonDerivedType(typeof(SubOrchestrationScheduled), nameof(SubOrchestrationScheduled))]
[JsonDerivedType(typeof(TimerCreated), nameof(TimerCreated))]
[JsonDerivedType(typeof(EventSent), nameof(EventSent))]
[JsonDerivedType(typeof(CustomStatusSet), nameof(CustomStatusSet))]
[JsonDerivedType(typeof(ExecutionCompleted), nameof(ExecutionCompleted))]
[JsonDerivedType(typeof(ContinuedAsNew), nameof(ContinuedAsNew))]
public abstract record HistoryEvent;

/// <summary>The call that started an instance as a sub-orchestration.</summary>
public sealed record ParentLink(string Name, string InstanceId, string ExecutionId, int TaskId);

// What arrives.

/// <param name="SeenMessages">Ids of messages that earlier executions of the instance have taken, so that a late duplicate is still known.</param>
public sealed record ExecutionStarted(
    string Name,
    string Version,
    string InstanceId,
    string ExecutionId,
    Payload? Input,
    ParentLink? Parent = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    IReadOnlyList<string>? SeenMessages = null) : HistoryEvent;

/// <summary>The end of an activity or a sub-orchestration.</summary>
public sealed record TaskCompleted(int Id, Payload? Result) : HistoryEvent;

/// <inheritdoc cref="TaskCompleted"/>
public sealed record TaskFailed(int Id, TaskFailureDetails Failure) : HistoryEvent;

public sealed record TimerFired(int Id) : HistoryEvent;

/// <param name="MessageId">The same for every delivery of the same event.</param>
public sealed record EventRaised(string MessageId, string Name, Payload? Input) : HistoryEvent;

public sealed record ExecutionSuspended(string MessageId, string? Reason) : HistoryEvent;

public sealed record ExecutionResumed(string MessageId, string? Reason) : HistoryEvent;

public sealed record ExecutionTerminated(string MessageId, Payload? Output, bool Recursive) : HistoryEvent;

/// <summary>First of an execution that goes on from an earlier, failed one: its history was copied up to the failure.</summary>
public sealed record ExecutionRewound(string MessageId, string Reason) : HistoryEvent;

// What the orchestrator decides. Calls share one counter.

/// <summary>A decision that has a number, and that a replay must make again.</summary>
public abstract record Call(int Id) : HistoryEvent;

public sealed record TaskScheduled(int Id, string Name, string Version, Payload? Input, IReadOnlyDictionary<string, string>? Tags = null) : Call(Id);

public sealed record SubOrchestrationScheduled(
    int Id,
    string Name,
    string Version,
    string InstanceId,
    string ExecutionId,
    Payload? Input,
    IReadOnlyDictionary<string, string>? Tags = null) : Call(Id);

public sealed record TimerCreated(int Id, DateTime FireAt) : Call(Id);

public sealed record EventSent(int Id, string InstanceId, string Name, Payload? Input) : Call(Id);

public sealed record CustomStatusSet(Payload? Status) : HistoryEvent;

public sealed record ExecutionCompleted(OrchestrationRuntimeStatus Status, Payload? Result, TaskFailureDetails? Failure) : HistoryEvent;

/// <param name="Carried">Events that arrived but were not taken; the new execution begins with them.</param>
public sealed record ContinuedAsNew(string ExecutionId, string Version, Payload? Input, IReadOnlyList<EventRaised> Carried) : HistoryEvent;
