using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Lzn.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace Lzn.Durable.Client;

/// <summary>The client of a task hub. It talks to storage only, so it works wherever the hosts are, and whether or not they run.</summary>
internal sealed class AzureStorageClient : DurableTaskClient, IOrchestrationHistory
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowestPoll = TimeSpan.FromSeconds(2);

    private readonly TaskHub _hub;
    private readonly DurableTaskClientOptions _options;
    private readonly InstanceReader _reader;
    private readonly TimeProvider _clock;

    public AzureStorageClient(
        string name, TaskHubs hubs, IOptionsMonitor<AzureStorageDurableOptions> storage, IOptionsMonitor<DurableTaskClientOptions> options)
        : base(name)
    {
        _hub = hubs.Get(storage.Get(name));
        _options = options.Get(name);
        _clock = storage.Get(name).Clock;
        _reader = new InstanceReader(_hub, _options.DataConverter);
    }

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (orchestratorName == default)
            throw new ArgumentException("A start needs the name of an orchestrator.", nameof(orchestratorName));
        var reuse = InstanceReuse.Of(options?.DedupeStatuses);
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        var record = NewRecord(orchestratorName, options, _options.DataConverter.ToPayload(input, "input of orchestrator", orchestratorName));
        await StartAsync(record, reuse, cancellation).ConfigureAwait(false);
        return record.InstanceId;
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        using var span = Spans.Raise(instanceId, eventName);
        await SendAsync(instanceId, new EventRaised(NewId(), eventName, _options.DataConverter.ToPayload(eventPayload, "payload of event", eventName)), cancellation).ConfigureAwait(false);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionTerminated(NewId(), _options.DataConverter.ToPayload(options?.Output, "termination output of instance", instanceId), options?.Recursive ?? false), cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspended(NewId(), reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumed(NewId(), reason), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, status => status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, InstanceState.IsFinal, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        return await _reader.FindAsync(instanceId, isWanted: _ => true, getInputsAndOutputs, cancellation).ConfigureAwait(false);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = new InstanceQuery(_hub, _reader, filter ?? new OrchestrationQuery());
        return Pageable.Create<OrchestrationMetadata>(async (token, pageSize, cancellation) =>
        {
            await _hub.OpenAsync(cancellation).ConfigureAwait(false);
            return await query.PageAsync(token ?? filter?.ContinuationToken, pageSize, cancellation).ConfigureAwait(false);
        });
    }

    /// <summary>Ids of instances that are over, one segment of the storage listing a page; the continuation token is the next call's <paramref name="lastInstanceKey"/>.</summary>
    public override async Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        var statuses = runtimeStatus?.ToHashSet();
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        var page = await _hub.Instances.ListAsync(idPrefix: null, pageSize, lastInstanceKey, cancellation).ConfigureAwait(false);
        var over = page.Values.Where(summary => InstanceState.IsFinal(summary.Status) && statuses?.Contains(summary.Status) != false
            && !(summary.UpdatedAt < completedTimeFrom) && !(summary.UpdatedAt > completedTimeTo));
        return new Page<string>([.. over.Select(summary => summary.InstanceId)], page.ContinuationToken);
    }

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        PurgeAsync(purge => purge.PurgeAsync(instanceId), options, longest: null, cancellation);

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return PurgeAsync(purge => purge.PurgeAsync(filter), options, filter.Timeout, cancellation);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        var old = await _reader.ReadAsync(instanceId, cancellation).ConfigureAwait(false) is { } stored
            ? stored.Record
            : throw new ArgumentException($"There is no instance '{instanceId}' to restart.", nameof(instanceId));
        var input = await _hub.Payloads.LoadAsync(old.Input, cancellation).ConfigureAwait(false);
        var options = new StartOrchestrationOptions(restartWithNewInstanceId ? null : instanceId)
        {
            Version = old.Version,
            Tags = old.Tags ?? new StartOrchestrationOptions().Tags,
        };
        var record = NewRecord(old.Name, options, Payload.Of(input?.Text));
        await StartAsync(record, InstanceReuse.Of(null), cancellation).ConfigureAwait(false);
        return record.InstanceId;
    }

    public override async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        await new InstanceRewind(_hub, _clock).RewindAsync(instanceId, reason, cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<HistoryBatch>?> GetHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        if (await _hub.Instances.ReadAsync(instanceId, cancellation).ConfigureAwait(false) is not { } stored)
            return null;
        var (turns, _) = await _hub.Histories.ReadAsync(instanceId, stored.Record.ExecutionId, from: 0, cancellation).ConfigureAwait(false);
        return await _hub.Payloads.LoadAsync(turns, cancellation).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync() => default; // storage clients hold nothing that must be closed

    private async Task<PurgeResult> PurgeAsync(Func<InstancePurge, Task<PurgeResult>> work, PurgeInstanceOptions? options, TimeSpan? longest, CancellationToken cancellation)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        var purge = new InstancePurge(_hub, options?.Recursive ?? false, longest, cancellation);
        await using var purgeEnd = purge.ConfigureAwait(false);
        return await work(purge).ConfigureAwait(false);
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private InstanceRecord NewRecord(string name, StartOrchestrationOptions? options, Payload? input)
    {
        var (start, now) = (NewId(), _clock.GetUtcNow());
        var record = new InstanceRecord(
            options?.InstanceId ?? NewId(),
            name,
            options?.Version?.Version ?? _options.DefaultVersion,
            start,
            start,
            now,
            now,
            OrchestrationRuntimeStatus.Pending,
            input,
            options?.StartAt,
            Tags: options?.Tags is { Count: > 0 } tags ? tags : null);
        HubNames.Key(record.InstanceId); // refuses ids that cannot be stored
        return record;
    }

    private async Task StartAsync(InstanceRecord record, InstanceReuse reuse, CancellationToken cancellation)
    {
        using var span = Spans.Create(record);
        record = record with { Trace = TraceLink.Current };
        var start = new InstanceStart(_hub);
        while (await start.TryAsync(record, reuse.MayReplace, cancellation).ConfigureAwait(false) is { } inUse)
        {
            var status = (await _reader.ReadAsync(record.InstanceId, cancellation).ConfigureAwait(false))?.Record.Status ?? inUse.Status;
            if (reuse.Protects(status))
                throw new OrchestrationAlreadyExistsException($"An instance with id '{record.InstanceId}' exists and is {status}. Choose another id, or allow to replace it with DedupeStatuses.");
            if (!InstanceState.IsFinal(status))
                await TerminateInstanceAsync(record.InstanceId, new TerminateInstanceOptions("replaced by a new start"), cancellation).ConfigureAwait(false);
            await UntilRecordedAsync(record.InstanceId, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the instance's end is in its record too, where the next start looks.</summary>
    private async Task UntilRecordedAsync(string instanceId, CancellationToken cancellation)
    {
        await WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, cancellation).ConfigureAwait(false);
        while (await _hub.Instances.ReadAsync(instanceId, cancellation).ConfigureAwait(false) is { } stored && !InstanceState.IsFinal(stored.Record.Status))
            await Task.Delay(FirstPoll, cancellation).ConfigureAwait(false);
    }

    private async Task SendAsync(string instanceId, HistoryEvent happened, CancellationToken cancellation)
    {
        HubNames.Key(instanceId);
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        await _hub.Messages.SendAsync(new ControlMessage(instanceId, Event: happened), cancellation).ConfigureAwait(false);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<OrchestrationRuntimeStatus, bool> reached, bool withPayloads, CancellationToken cancellation)
    {
        await _hub.OpenAsync(cancellation).ConfigureAwait(false);
        for (var pause = FirstPoll; ; pause = pause * 1.5 < SlowestPoll ? pause * 1.5 : SlowestPoll)
        {
            var changed = _hub.Local.WhenChanged(instanceId);
            var stored = await _reader.ReadAsync(instanceId, cancellation).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"There is no instance '{instanceId}' to wait for.");
            if (reached(stored.Record.Status) && await _reader.DescribeAsync(stored, withPayloads, cancellation).ConfigureAwait(false) is { } instance)
                return instance;
            await Task.WhenAny(changed, Task.Delay(pause, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
