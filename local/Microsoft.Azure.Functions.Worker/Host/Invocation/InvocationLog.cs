using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Invocation;

/// <summary>Runs invocations that people ask about (requests, timers, activities), and tells how each ended: in the log, as a span and as a measure.</summary>
internal sealed class InvocationLog(FunctionRunner runner, ILogger<InvocationLog> log)
{
    public async Task RunAsync(InvocationContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = Telemetry.Begin(context);
        using var scope = log.BeginScope(context.LogScope);
        try
        {
            await runner.RunAsync(context).ConfigureAwait(false);
            log.Executed(context.Function.Name, context.InvocationId, Since(started).TotalMilliseconds);
            Telemetry.End(span, context, Since(started), failure: null);
        }
        catch (OperationCanceledException cancelled) when (context.CancellationToken.IsCancellationRequested)
        {
            log.Cancelled(context.Function.Name, context.InvocationId, Since(started).TotalMilliseconds);
            Telemetry.End(span, context, Since(started), cancelled);
            throw;
        }
        catch (Exception exception)
        {
            log.Failed(exception, context.Function.Name, context.InvocationId, Since(started).TotalMilliseconds);
            Telemetry.End(span, context, Since(started), exception);
            throw;
        }
    }

    private static TimeSpan Since(long started) => Stopwatch.GetElapsedTime(started);
}
