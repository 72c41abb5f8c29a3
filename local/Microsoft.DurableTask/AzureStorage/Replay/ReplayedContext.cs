using System.Collections.Immutable;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Replay;

/// <summary>The context of an orchestration that is run from its history.</summary>
internal sealed class ReplayedContext(ExecutionStarted started, OpenCalls calls, ExternalEvents events, TurnContext turn, ReplaySettings settings)
    : TaskOrchestrationContext
{
    private object? _input;
    private int _guids;

    public override TaskName Name => started.Name;

    public override string InstanceId => started.InstanceId;

    public override string Version => started.Version;

    public override ParentOrchestrationInstance? Parent { get; } =
        started.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => Now;

    public override bool IsReplaying => Replaying;

    /// <summary>What the orchestrator asked for with ContinueAsNew; it takes effect when the orchestrator returns.</summary>
    public Continuation? Continuation { get; private set; }

    public DateTime Now { get; set; }

    public bool Replaying { get; set; }

    protected override ILoggerFactory LoggerFactory => settings.Loggers;

    public object? ReadInput(Type type) => _input = settings.Converter.Deserialize(started.Input?.Text, type);

    public override T? GetInput<T>()
        where T : default => _input is null ? default : (T)_input;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        CheckCall(name, input, options);
        var payload = settings.Converter.ToPayload(input, "input of activity", name);
        var version = options?.Version ?? Version;
        return Call(options, () => calls.CallTask<TResult>(name, new TaskScheduled(calls.NextId(), name, version, payload, TagsOf(options))));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        CheckCall(orchestratorName, input, options);
        var payload = settings.Converter.ToPayload(input, "input of sub-orchestrator", orchestratorName);
        var version = options?.Version ?? settings.DefaultSubVersion;
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        HubNames.Key(child);
        return Call(options, () =>
        {
            var id = calls.NextId();
            var execution = DeterministicGuid.Of($"{started.ExecutionId}/{id}").ToString("N");
            return calls.CallTask<TResult>(
                orchestratorName, new SubOrchestrationScheduled(id, orchestratorName, version, child, execution, payload, TagsOf(options)));
        });
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        return calls.StartTimer(new TimerCreated(calls.NextId(), utc), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        CheckThread();
        return events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        CheckThread();
        HubNames.Key(instanceId); // an id that no instance can have fails the author here, and not the sending for ever
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var sent = settings.Converter.ToPayload(payload, "payload of event", eventName);
        calls.Decide(new EventSent(calls.NextId(), instanceId, eventName, sent));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        calls.Decide(new CustomStatusSet(settings.Converter.ToPayload(customStatus, "custom status of orchestrator", Name)));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        CheckThread();
        ArgumentNullException.ThrowIfNull(options);
        if (!options.PreserveUnprocessedEvents)
            events.TakeBuffered();
        Continuation = new Continuation(settings.Converter.ToPayload(options.NewInput, "next input of orchestrator", Name), options.NewVersion ?? Version);
    }

    public override Guid NewGuid()
    {
        CheckThread();
        return DeterministicGuid.Of($"{InstanceId}_{CurrentUtcDateTime:o}_{_guids++}");
    }

    private static ImmutableDictionary<string, string>? TagsOf(TaskOptions? options) => options?.Tags?.ToImmutableDictionary();

    private Task<T> Call<T>(TaskOptions? options, Func<Task<T>> call) =>
        options?.Retry is { } retry ? new Retries(this).RunAsync(retry, call) : call();

    private void CheckCall(TaskName name, object? input, TaskOptions? options)
    {
        CheckThread();
        if (name == default)
            throw new ArgumentException("A call needs the name of a task.", nameof(name));
        if (input is TaskOptions && options is null)
            throw new ArgumentException($"A {input.GetType().Name} was given as the input. Name the argument: options: ...", nameof(input));
    }

    private void CheckThread()
    {
        if (!turn.IsCurrent)
            throw new InvalidOperationException(NotDurable.Text(started, "the context was used outside of the orchestration's own turn"));
    }
}

/// <summary>How the instance starts over.</summary>
internal sealed record Continuation(Payload? Input, string Version);
