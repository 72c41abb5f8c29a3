using System.Collections.Concurrent;
using Lzn.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Timers;

/// <summary>Runs a timer function once, with its retries, and never twice at once.</summary>
internal sealed class TimerInvoker(InvocationLog invocations, IServiceScopeFactory scopes, ILogger<TimerInvoker> log) : IDisposable
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns when the function ended, well or not; its failure is logged and does not stop the schedule.</summary>
    /// <param name="stop">Begins nothing more: neither waits for a run before it, nor tries again.</param>
    /// <param name="work">Ends the function itself.</param>
    public async Task RunAsync(TimerFunction timer, TimerInfo info, CancellationToken stop, CancellationToken work)
    {
        var gate = _gates.GetOrAdd(timer.Name, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await TryUntilDoneAsync(timer, info, stop, work).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        foreach (var gate in _gates.Values)
            gate.Dispose();
    }

    private async Task TryUntilDoneAsync(TimerFunction timer, TimerInfo info, CancellationToken stop, CancellationToken work)
    {
        for (var retry = 0; !await TryAsync(timer, info, retry, work).ConfigureAwait(false); retry++)
        {
            var policy = timer.Function.Retry;
            if (policy is null || (policy.MaxRetryCount >= 0 && retry >= policy.MaxRetryCount))
                return;
            var delay = policy.DelayBefore(retry + 1);
            log.Retrying(timer.Name, retry + 1, delay);
            await Task.Delay(delay, stop).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(TimerFunction timer, TimerInfo info, int retry, CancellationToken work)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        try
        {
            await invocations.RunAsync(new InvocationContext(timer.Function, scope.ServiceProvider, (_, _) => info) { Stop = work, RetryCount = retry }).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !work.IsCancellationRequested)
        {
            return false; // logged by the invocation
        }
    }
}
