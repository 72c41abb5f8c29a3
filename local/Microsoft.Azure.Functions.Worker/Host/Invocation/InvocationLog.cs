using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Invocation;

/// <summary>Runs invocations that people ask about (requests, timers, activities) and logs how each ended.</summary>
internal sealed class InvocationLog(FunctionRunner runner, ILogger<InvocationLog> log)
{
    public async Task RunAsync(InvocationContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var scope = log.BeginScope(new Dictionary<string, object>
        {
            ["FunctionName"] = context.Function.Name,
            ["InvocationId"] = context.InvocationId,
        });
        try
        {
            await runner.RunAsync(context).ConfigureAwait(false);
            log.Executed(context.Function.Name, context.InvocationId, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            log.Cancelled(context.Function.Name, context.InvocationId, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
        catch (Exception exception)
        {
            log.Failed(exception, context.Function.Name, context.InvocationId, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
    }
}
