using System.Collections.Concurrent;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>Runs the activities of the instances that this host has, so many at a time, each once at a time in this process.</summary>
internal sealed class ActivityRunner(TaskHub hub, ActivityExecutor executor, ActivitySlots slots, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<(string ExecutionId, int Id), OwnActivity> _here = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _over = new();

    /// <summary>Instances with activities that wait for a place.</summary>
    public IEnumerable<string> Waiting => _here.Values.Where(activity => activity.IsWaiting).Select(activity => activity.InstanceId).Distinct();

    /// <summary>Does nothing if the activity is here already. Its end goes to whoever has the instance then.</summary>
    /// <param name="lost">Cancelled when the instance goes to another host: what has not begun then is that host's to begin.</param>
    public void Start(ActivityMessage call, CancellationToken lost)
    {
        if (_draining.IsCancellationRequested)
            return;
        var activity = new OwnActivity(call.InstanceId);
        if (_here.TryAdd((call.ExecutionId, call.Task.Id), activity))
            _ = Task.Run(() => RunAndDeliverAsync(call, activity, lost), CancellationToken.None);
    }

    /// <summary>Takes an activity back that has not begun.</summary>
    public bool TryWithdraw(string executionId, int id) =>
        _here.TryGetValue((executionId, id), out var activity) && activity.TryWithdraw() && Remove(executionId, id, activity);

    /// <summary>Whether its code has ended, but its end is not safe yet.</summary>
    public bool HasEnded(string executionId, int id) => _here.TryGetValue((executionId, id), out var activity) && activity.IsOver;

    /// <summary>Gives a running activity to the queue, under a message that this host holds: whoever has the instance next need not run it again.</summary>
    /// <returns>False when it does not run here, or has just ended.</returns>
    public async Task<bool> TryLendAsync(ActivityMessage call, CancellationToken stop)
    {
        if (!_here.TryGetValue((call.ExecutionId, call.Task.Id), out var activity) || !activity.IsRunning)
            return false;
        var message = await hub.Activities.SendHeldAsync(call, stop).ConfigureAwait(false);
        if (activity.TryLend(message))
        {
            _ = message.KeepAsync(hub.Activities.Visibility, activity.Ended.Task, _over.Token);
            return true;
        }

        await message.DeleteAsync(stop).ConfigureAwait(false);
        return false;
    }

    /// <summary>Begins nothing more, and waits for what runs, but not longer than the given time. What does not end in time runs again: its history has no end of it.</summary>
    public async Task DrainAsync(TimeSpan longest)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(_here.Values.Select(activity => activity.Ended.Task)), Task.Delay(longest)).ConfigureAwait(false);
        await _over.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _draining.Dispose();
        _over.Dispose();
    }

    /// <summary>The activity counts as running until its end is safe: so it is not begun again meanwhile, and a stop waits for both.</summary>
    private async Task RunAndDeliverAsync(ActivityMessage call, OwnActivity activity, CancellationToken lost)
    {
        try
        {
            if (await RunInSlotAsync(call, activity, lost).ConfigureAwait(false) is { } ended)
                await DeliverAsync(new ControlMessage(call.InstanceId, call.ExecutionId, ended), activity.End()).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the instance is another host's. The activity has no end in the history, so it runs again.
        }
        catch (Exception fault)
        {
            Logs.DeliveryFailed(logger, call.InstanceId, fault);
        }
        finally
        {
            activity.End();
            Remove(call.ExecutionId, call.Task.Id, activity);
            activity.Ended.SetResult();
        }
    }

    /// <returns>Null when it was withdrawn in time.</returns>
    private async Task<HistoryEvent?> RunInSlotAsync(ActivityMessage call, OwnActivity activity, CancellationToken lost)
    {
        var name = call.Task.Name;
        if (!slots.TryTake(name))
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(lost, _draining.Token);
            await slots.TakeAsync(name, giveUp.Token).ConfigureAwait(false);
        }

        try
        {
            return !_draining.IsCancellationRequested && !lost.IsCancellationRequested && activity.TryBegin()
                ? await executor.RunAsync(call, _draining.Token).ConfigureAwait(false)
                : null;
        }
        finally
        {
            slots.Release(name);
        }
    }

    private async Task DeliverAsync(ControlMessage ended, HeldMessage? lent)
    {
        await Patience.UntilDoneAsync(() => hub.Messages.SendPatientlyAsync(ended, _over.Token), logger, $"deliver the end of an activity to {ended.InstanceId}", _over.Token).ConfigureAwait(false);
        if (lent is not null)
            await lent.DeleteAsync(_over.Token).ConfigureAwait(false);
    }

    private bool Remove(string executionId, int id, OwnActivity activity) => _here.TryRemove(KeyValuePair.Create((executionId, id), activity));
}
