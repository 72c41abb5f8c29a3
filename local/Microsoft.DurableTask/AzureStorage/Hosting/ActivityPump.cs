using System.Collections.Concurrent;
using System.Text.Json;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>Pulls activities from the hub's queue while this host has places free, whosever instances they belong to.</summary>
internal sealed class ActivityPump(TaskHub hub, ActivityExecutor executor, ActivitySlots slots, HostRegistry hosts, TimeSpan pauseAlone, ILogger logger) : IDisposable
{
    private const int MostAtOnce = 32;
    private const int MostDeliveries = 10; // an activity that brings its host down each time must not bring down all
    private const double Slowing = 1.5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2); // while there are others; a host that is alone finds only what dead ones left
    private static readonly TimeSpan NoPlacePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string ExecutionId, int Id), (HeldMessage Message, Task Running)> _here = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _over = new();

    public async Task RunAsync(CancellationToken stop)
    {
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                await slots.WhenFreeAsync(stop).ConfigureAwait(false);
                IReadOnlyList<HeldMessage> messages = [];
                var most = Math.Clamp(slots.Free, 1, MostAtOnce);
                await Patience.UntilDoneAsync(async () => messages = await hub.Activities.ReceiveAsync(most, stop).ConfigureAwait(false), logger, "read the queue of activities", stop).ConfigureAwait(false);
                foreach (var message in messages)
                    await TakeAsync(message, stop).ConfigureAwait(false);
                var longest = hosts.HasOthers && LongestPause < pauseAlone ? LongestPause : pauseAlone;
                pause = messages.Count > 0 ? ShortestPause : pause * Slowing < longest ? pause * Slowing : longest;
                if (messages.Count == 0)
                    await Task.Delay(pause, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops. What runs is waited for by the drain.
        }
    }

    /// <summary>Waits for what runs, but not longer than the given time; the rest comes into sight of other hosts.</summary>
    public async Task DrainAsync(TimeSpan longest)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(_here.Values.Select(here => here.Running)), Task.Delay(longest)).ConfigureAwait(false);
        await _over.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _draining.Dispose();
        _over.Dispose();
    }

    /// <summary>Begins an activity, or does with its message what is right. What fails here comes into sight again.</summary>
    private async Task TakeAsync(HeldMessage message, CancellationToken stop)
    {
        try
        {
            await BeginAsync(message, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (StorageFault.IsMissing(fault))
        {
            await message.DeleteAsync(stop).ConfigureAwait(false); // its input is gone, and so is the execution that asked for it
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            Logs.TriesAgain(logger, "take an activity from the queue", hub.Activities.Visibility, fault);
        }
    }

    private async Task BeginAsync(HeldMessage message, CancellationToken stop)
    {
        ActivityMessage content;
        string? blob;
        try
        {
            (content, blob) = await hub.Activities.ReadAsync(message, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            await SetAsideAsync(message, fault, stop).ConfigureAwait(false);
            return;
        }

        var key = (content.ExecutionId, content.Task.Id);
        if (_here.TryGetValue(key, out var here))
            here.Message.Adopt(message); // this host was silent for too long, but has it still
        else if (message.Deliveries - content.Returned > MostDeliveries)
            await GiveUpAsync(message, content, stop).ConfigureAwait(false);
        else if (!slots.TryTake(content.Task.Name))
            await hub.Activities.ReturnAsync(message, content, NoPlacePause, stop).ConfigureAwait(false);
        else
            _here[key] = (message, Task.Run(() => RunAndDeliverAsync(message, content, blob, key), CancellationToken.None));
    }

    private async Task RunAndDeliverAsync(HeldMessage message, ActivityMessage content, string? blob, (string ExecutionId, int Id) key)
    {
        var over = new TaskCompletionSource();
        _ = message.KeepAsync(hub.Activities.Visibility, over.Task, _over.Token);
        try
        {
            var ended = await RunAndReleaseAsync(content).ConfigureAwait(false);
            await DeliverAsync(content, ended, _over.Token).ConfigureAwait(false);
            await message.DeleteAsync(_over.Token).ConfigureAwait(false);
            if (blob is not null)
                await hub.Container.DeleteBlobIfExistsAsync(blob, cancellationToken: _over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_over.IsCancellationRequested)
        {
            await hub.Activities.ReturnAsync(message, content, TimeSpan.Zero, _over.Token).ConfigureAwait(false); // this host stops; another may begin at once
        }
        catch (Exception fault)
        {
            Logs.DeliveryFailed(logger, content.InstanceId, fault);
        }
        finally
        {
            over.SetResult();
            _here.TryRemove(key, out _);
        }
    }

    private async Task<HistoryEvent> RunAndReleaseAsync(ActivityMessage content)
    {
        try
        {
            return await executor.RunAsync(content, _draining.Token).ConfigureAwait(false);
        }
        finally
        {
            slots.Release(content.Task.Name);
        }
    }

    private Task DeliverAsync(ActivityMessage content, HistoryEvent ended, CancellationToken stop) => Patience.UntilDoneAsync(
        () => hub.Messages.SendPatientlyAsync(new ControlMessage(content.InstanceId, content.ExecutionId, ended), stop),
        logger,
        $"deliver the end of an activity to {content.InstanceId}",
        stop);

    /// <summary>The orchestrator hears of it as of any failure, and the message is kept for a person to look at.</summary>
    private async Task GiveUpAsync(HeldMessage message, ActivityMessage content, CancellationToken stop)
    {
        var fault = new InvalidOperationException(
            $"Activity '{content.Task.Name}' (#{content.Task.Id}) was begun {MostDeliveries} times and never came to an end: its hosts died or hung. Its message is in the queue {hub.PoisonQueue.Name}.");
        await DeliverAsync(content, new TaskFailed(content.Task.Id, TaskFailureDetails.FromException(fault)), stop).ConfigureAwait(false);
        await SetAsideAsync(message, fault, stop).ConfigureAwait(false);
    }

    private async Task SetAsideAsync(HeldMessage message, Exception fault, CancellationToken stop)
    {
        Logs.MessagePoisoned(logger, message.Id, "activities", message.Deliveries, fault);
        await hub.PoisonQueue.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: stop).ConfigureAwait(false);
        await message.DeleteAsync(stop).ConfigureAwait(false);
    }
}
