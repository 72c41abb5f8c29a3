using System.Collections.Concurrent;
using Lzn.Durable.History;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>
/// The activities of one instance. Those that there is a place for run on this host, which costs no storage operation; others go to the hub's queue, once
/// there are other hosts to take them. The history says which are the queue's: for those it alone answers, whoever has the instance.
/// </summary>
internal sealed class InstanceActivities(string instanceId, HostServices services, CancellationToken lost)
{
    private const int ParallelSends = 16;

    private readonly HashSet<int> _begun = []; // calls that are under way, here or on their way into the queue
    private ConcurrentQueue<int> _queued = []; // sent, but not yet noted in the history
    private string? _executionId; // whose calls these are
    private Task _sending = Task.CompletedTask;

    /// <summary>Begins, or sends to the queue, what the history asks for and this host has not.</summary>
    public void Act(InstanceRecord record, InstanceState state)
    {
        var executionId = record.ExecutionId;
        var trace = record.Trace?.OfExecution(executionId);
        Begin(executionId);
        if (state.IsOver)
            return;
        foreach (var task in state.OwnActivities.Where(task => _begun.Add(task.Id)))
            services.Activities.Start(new ActivityMessage(instanceId, executionId, task, trace), lost);
        var unqueued = state.UnqueuedActivities.Where(task => _begun.Add(task.Id)).ToList();
        if (unqueued.Count > 0)
            _sending = SendAsync(_sending, [.. unqueued.Select(task => new ActivityMessage(instanceId, executionId, task, trace))], _queued);
    }

    /// <summary>Ends when everything is in the queue that is to be there.</summary>
    public Task SentAsync() => _sending;

    /// <summary>Takes back what waits here for a place, if other hosts may have one.</summary>
    /// <returns>The calls; if the turn is not committed they begin anew.</returns>
    public IReadOnlyList<int> Withdraw(string executionId, InstanceState state)
    {
        if (!services.Hosts.HasOthers)
            return [];
        var withdrawn = state.OwnActivities.Select(task => task.Id).Where(id => services.Activities.TryWithdraw(executionId, id)).ToList();
        _begun.ExceptWith(withdrawn);
        return withdrawn;
    }

    /// <summary>Which activities the turn gives to the queue: those withdrawn, and new ones that there is no place for here.</summary>
    public IReadOnlyList<int>? Share(HistoryBatch turn, IReadOnlyList<int> withdrawn)
    {
        if (!services.Hosts.HasOthers)
            return null;
        var places = services.Slots.Free;
        var placesByName = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var shared = new List<int>(withdrawn);
        foreach (var task in turn.Decided.OfType<TaskScheduled>())
        {
            var named = placesByName.TryGetValue(task.Name, out var left) ? left : services.Slots.FreeFor(task.Name);
            if (Math.Min(places, named) > 0)
                (places, placesByName[task.Name]) = (places - 1, named - 1);
            else
                shared.Add(task.Id);
        }

        return shared.Count > 0 ? shared : null;
    }

    /// <summary>Gives what runs here to the queue, where this host holds it until it has ended. What waits for a place does not begin here any more.</summary>
    public async Task<IReadOnlyList<int>> LendAsync(InstanceRecord record, InstanceState state)
    {
        var lent = new List<int>();
        foreach (var task in state.OwnActivities.Where(task => !services.Activities.TryWithdraw(record.ExecutionId, task.Id)))
        {
            if (await services.Activities.TryLendAsync(new ActivityMessage(instanceId, record.ExecutionId, task, record.Trace?.OfExecution(record.ExecutionId)), lost).ConfigureAwait(false))
                lent.Add(task.Id);
        }

        return lent;
    }

    /// <summary>Whether an activity has ended here whose end is not in the history.</summary>
    public bool HasEnded(string executionId, InstanceState state) => state.OwnActivities.Any(task => services.Activities.HasEnded(executionId, task.Id));

    /// <summary>What has come into the queue since the last turn.</summary>
    public IReadOnlyList<int>? TakeQueued(string executionId)
    {
        if (executionId != _executionId || _queued.IsEmpty)
            return null;
        var taken = new List<int>();
        while (_queued.TryDequeue(out var id))
            taken.Add(id);
        return taken;
    }

    /// <summary>Calls are numbered anew in each execution. Which one the record names is the only sign of a new one: the answer to our own write of it may be lost.</summary>
    private void Begin(string executionId)
    {
        if (executionId == _executionId)
            return;
        _executionId = executionId;
        _begun.Clear();
        _queued = [];
    }

    private async Task SendAsync(Task before, List<ActivityMessage> messages, ConcurrentQueue<int> queued)
    {
        await before.ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelSends, CancellationToken = lost };
        await Parallel.ForEachAsync(messages, parallel, async (message, stop) =>
        {
            await Patience.UntilDoneAsync(() => services.Hub.Activities.SendAsync(message, stop), services.Logger, $"share an activity of {instanceId}", stop).ConfigureAwait(false);
            queued.Enqueue(message.Task.Id);
            Telemetry.SharedActivities.Add(1);
        }).ConfigureAwait(false);
    }
}
