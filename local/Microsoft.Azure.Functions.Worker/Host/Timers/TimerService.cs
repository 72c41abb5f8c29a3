using System.Collections.Concurrent;
using Lzn.Functions.Configuration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Timers;

/// <summary>Runs the app's timers on this host while it holds their lease, and waits for the lease otherwise.</summary>
internal sealed class TimerService(
    IReadOnlyList<TimerFunction> timers, TimerInvoker invoker, TimerStatusStore store, HostSettings settings, TimeProvider clock, ILogger<TimerService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimerLease.Duration / 3;

    private readonly ConcurrentBag<Task> _manual = [];
    private readonly CancellationTokenSource _stopManual = new();
    private bool _ranHere;

    /// <summary>Runs a timer function once beside its schedule.</summary>
    public void RunNow(string function)
    {
        var timer = timers.First(timer => string.Equals(timer.Name, function, StringComparison.OrdinalIgnoreCase));
        _manual.Add(Task.Run(() => invoker.RunAsync(timer, new TimerInfo(), _stopManual.Token)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopManual.CancelAsync().ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(_manual).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _stopManual.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lease = new TimerLease(store.Container, settings.HostId);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await AcquiredAsync(lease, stoppingToken).ConfigureAwait(false))
                await HoldAsync(lease, stoppingToken).ConfigureAwait(false);
            else
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> AcquiredAsync(TimerLease lease, CancellationToken stop)
    {
        try
        {
            return await lease.TryAcquireAsync(stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            log.TimerLeaseUnreachable(exception, settings.HostId);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task HoldAsync(TimerLease lease, CancellationToken stop)
    {
        log.TimersHere(settings.HostId);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loops = timers.Select(timer => KeepRunningAsync(timer, !_ranHere, held.Token)).ToList();
        _ranHere = true;
        await RenewWhileHeldAsync(lease, stop).ConfigureAwait(false);
        await held.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(loops).ConfigureAwait(false);
        await lease.ReleaseAsync().ConfigureAwait(false);
    }

    private async Task RenewWhileHeldAsync(TimerLease lease, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!stop.IsCancellationRequested)
                    await lease.RenewAsync(stop).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                log.TimersLost(exception, settings.HostId);
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task KeepRunningAsync(TimerFunction timer, bool atStart, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await new TimerLoop(timer, invoker, store, clock, log).RunAsync(atStart, stop).ConfigureAwait(false);
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
