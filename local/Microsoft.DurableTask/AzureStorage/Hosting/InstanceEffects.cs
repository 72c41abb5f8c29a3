using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Hosting;

/// <summary>
/// What follows from committed turns besides activities: sub-orchestrations begin, messages go out. Everything can be derived from the history again and
/// done again, because receivers know duplicates; so nothing here needs to be written down but the history.
/// </summary>
internal sealed class InstanceEffects(string instanceId, int partition, HostServices services, CancellationToken lost)
{
    private const int ParallelStarts = 16;

    private readonly HashSet<int> _begun = []; // calls that are under way
    private Task _sending = Task.CompletedTask;
    private string? _executionId; // whose calls these are
    private Progress _sent = new();
    private bool _terminatedChildren;

    /// <summary>Events of calls below this are delivered; the next turn notes it, so that a later host need not send them again.</summary>
    public int SentUpTo(string executionId) => executionId == _executionId ? _sent.UpTo : 0;

    /// <summary>Begins what the history asks for and this host has not begun; on a host that is new to the instance that is every open call.</summary>
    public void Act(InstanceRecord record, InstanceState state)
    {
        Begin(record.ExecutionId);
        var starts = state.OpenCalls.OfType<SubOrchestrationScheduled>().Where(call => !state.TerminatesChildren && _begun.Add(call.Id)).ToList();
        var events = state.UnsentEvents.Where(call => _begun.Add(call.Id)).ToList();
        var terminations = state.TerminatesChildren && !_terminatedChildren ? state.OpenCalls.OfType<SubOrchestrationScheduled>().ToList() : [];
        _terminatedChildren |= state.TerminatesChildren;
        if (starts.Count + events.Count + terminations.Count > 0)
            _sending = SendAsync(_sending, record, starts, events, terminations, state.Output, _sent);
    }

    /// <summary>Ends when all is sent that there was to send.</summary>
    public Task SentAsync() => _sending;

    /// <summary>Tells the parent of the end, and takes back the mark that there is work to do.</summary>
    public async Task CloseAsync(InstanceRecord ended)
    {
        if (ended.Parent is { } parent)
        {
            var output = await services.Hub.Payloads.LoadAsync(ended.Output, lost).ConfigureAwait(false);
            await services.Hub.Messages.SendAsync(new ControlMessage(parent.InstanceId, parent.ExecutionId, EndFor(parent, ended, output)), lost).ConfigureAwait(false);
        }

        await services.Hub.Instances.UnmarkActiveAsync(partition, instanceId, ended.StartId, lost).ConfigureAwait(false);
    }

    /// <summary>Calls are numbered anew in each execution.</summary>
    private void Begin(string executionId)
    {
        if (executionId == _executionId)
            return;
        _executionId = executionId;
        _begun.Clear();
        _sent = new Progress();
        _terminatedChildren = false;
    }

    private static HistoryEvent EndFor(ParentLink parent, InstanceRecord ended, Payload? output) => ended.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new TaskCompleted(parent.TaskId, Payload.Of(output?.Text)),
        OrchestrationRuntimeStatus.Terminated => new TaskFailed(
            parent.TaskId, new TaskFailureDetails("OrchestrationTerminated", $"Instance '{ended.InstanceId}' was terminated: {output?.Text ?? "no reason was given"}", null, null, null)),
        _ => new TaskFailed(parent.TaskId, ended.Failure ?? new TaskFailureDetails("OrchestrationFailed", output?.Text ?? "", null, null, null)),
    };

    private async Task SendAsync(
        Task before,
        InstanceRecord record,
        List<SubOrchestrationScheduled> starts,
        List<EventSent> events,
        List<SubOrchestrationScheduled> terminations,
        Payload? reason,
        Progress sent)
    {
        await before.ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelStarts, CancellationToken = lost };
        await Parallel.ForEachAsync(starts, parallel, async (call, stop) => await StubbornlyAsync(() => StartChildAsync(record, call, stop)).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var call in events)
        {
            var raised = new EventRaised($"{record.ExecutionId}/{call.Id}", call.Name, Payload.Of(call.Input?.Text));
            await StubbornlyAsync(() => services.Hub.Messages.SendAsync(new ControlMessage(call.InstanceId, null, raised), lost)).ConfigureAwait(false);
            sent.UpTo = call.Id + 1;
        }

        foreach (var call in terminations)
        {
            var terminated = new ExecutionTerminated($"{record.ExecutionId}/terminate/{call.Id}", Payload.Of(reason?.Text), Recursive: true);
            await StubbornlyAsync(() => services.Hub.Messages.SendAsync(new ControlMessage(call.InstanceId, null, terminated), lost)).ConfigureAwait(false);
        }
    }

    /// <summary>Whatever storage answers: the history says that it is to be sent, so it is, and until then the instance does not end.</summary>
    private Task StubbornlyAsync(Func<Task> send) => Patience.UntilDoneAsync(send, services.Logger, $"send for {instanceId}", lost);

    private async Task StartChildAsync(InstanceRecord parent, SubOrchestrationScheduled call, CancellationToken stop)
    {
        var now = services.Clock.GetUtcNow();
        var child = new InstanceRecord(
            call.InstanceId,
            call.Name,
            call.Version,
            call.ExecutionId,
            call.ExecutionId,
            now,
            now,
            OrchestrationRuntimeStatus.Pending,
            Payload.Of(call.Input?.Text),
            Parent: new ParentLink(parent.Name, parent.InstanceId, parent.ExecutionId, call.Id),
            Tags: call.Tags,
            Trace: parent.Trace?.OfExecution(parent.ExecutionId));
        if (await new InstanceStart(services.Hub).TryAsync(child, InstanceState.IsFinal, stop).ConfigureAwait(false) is { } inUse)
        {
            var failure = new TaskFailureDetails(
                typeof(InvalidOperationException).FullName!,
                $"Sub-orchestration '{call.Name}' cannot start: an instance with id '{call.InstanceId}' exists and is {inUse.Status}.",
                null,
                null,
                null);
            await services.Hub.Messages.SendAsync(new ControlMessage(parent.InstanceId, parent.ExecutionId, new TaskFailed(call.Id, failure)), stop).ConfigureAwait(false);
        }
    }

    /// <summary>How far the events of one execution are sent. The next execution has another one, so a late answer cannot count for it.</summary>
    private sealed class Progress
    {
        private int _upTo;

        public int UpTo
        {
            get => Volatile.Read(ref _upTo);
            set => Volatile.Write(ref _upTo, value);
        }
    }
}
