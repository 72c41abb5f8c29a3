using System.Collections.Concurrent;
using Lzn.Functions.Configuration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Timers;

/// <summary>Runs the app's timers on this host while it holds their lease, and waits for the lease otherwise.</summary>
internal sealed class TimerService(
    IReadOnlyList<TimerFunction> timers, TimerInvoker invoker, TimerStatusStore store, HostSettings settings, Drain drain, TimeProvider clock, ILogger<TimerService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimerLease.Duration / 3;

    private readonly ConcurrentBag<Task> _manual = [];
    private bool _ranHere;

    /// <summary>Runs a timer function once beside its schedule.</summary>
    public void RunNow(string function)
    {
        var timer = timers.First(timer => string.Equals(timer.Name, function, StringComparison.OrdinalIgnoreCase));
        _manual.Add(Task.Run(() => invoker.RunAsync(timer, new TimerInfo(), drain.Over, drain.Over)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(_manual).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lease = new TimerLease(store.Container, settings.HostId);
        var standsBy = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var acquired = await AcquiredAsync(lease, stoppingToken).ConfigureAwait(false);
            if (acquired is false && !standsBy)
                log.TimersElsewhere(settings.HostId);
            standsBy = acquired is false;
            if (acquired is true)
                await HoldAsync(lease, stoppingToken).ConfigureAwait(false);
            else
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when another host has the lease; null when nobody could say.</returns>
    private async Task<bool?> AcquiredAsync(TimerLease lease, CancellationToken stop)
    {
        try
        {
            return await lease.TryAcquireAsync(stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            log.TimerLeaseUnreachable(exception, settings.HostId);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task HoldAsync(TimerLease lease, CancellationToken stop)
    {
        log.TimersHere(settings.HostId);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(drain.Over);
        var loops = Task.WhenAll(timers.Select(timer => KeepRunningAsync(timer, !_ranHere, held.Token, work.Token)));
        _ranHere = true;
        if (!await KeepAsync(lease, loops).ConfigureAwait(false))
        {
            await held.CancelAsync().ConfigureAwait(false);
            await work.CancelAsync().ConfigureAwait(false); // another host may begin it
        }

        await loops.ConfigureAwait(false);
        await lease.ReleaseAsync().ConfigureAwait(false);
    }

    /// <summary>Renews the lease until all has ended that runs under it, also while a stop waits for that.</summary>
    /// <returns>False when the lease was lost before.</returns>
    private async Task<bool> KeepAsync(TimerLease lease, Task loops)
    {
        while (true)
        {
            try
            {
                await loops.WaitAsync(Pause, clock).ConfigureAwait(false);
                return true;
            }
            catch (TimeoutException)
            {
                // They run on.
            }

            try
            {
                await lease.RenewAsync(drain.Over).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                log.TimersLost(exception, settings.HostId);
                return false;
            }
        }
    }

    private async Task KeepRunningAsync(TimerFunction timer, bool atStart, CancellationToken stop, CancellationToken work)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await new TimerLoop(timer, invoker, store, clock, log).RunAsync(atStart, stop, work).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.TimerBroken(exception, timer.Name);
                await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            atStart = false;
        }
    }
}
