using LznPipeline.Shared.Options;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LznPipeline.Activities.Edge;

/// <summary>What every activity's outcome passes on its way into a history: results are small, failures are short and say whether trying again can help.</summary>
public sealed class ActivityEdge(IOptions<WorkerOptions> worker, ILogger<ActivityEdge> log) : IFunctionsWorkerMiddleware
{
    /// <summary>Bytes of JSON that may travel through a history at once: references and hashes, never data.</summary>
    public const int MaxPayloadBytes = 16 * 1024;

    public static bool IsActivity(FunctionContext context) => context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "activityTrigger");

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var activity = context.FunctionDefinition.Name;
        try
        {
            await next(context);
        }
        catch (Exception failed) when (!context.CancellationToken.IsCancellationRequested)
        {
            log.ActivityFailed(activity, failed);
            throw Crossing(failed);
        }

        if (context.GetInvocationResult().Value is { } result && SizeOf(result) is > MaxPayloadBytes and var size)
            throw new PermanentFailureException($"{activity} returned {size} bytes. Allowed: {MaxPayloadBytes}; data belongs in a blob, and only its name in a history.");
    }

    /// <remarks>The cause is in the log; a history gets its text only, since inner exceptions and stack traces have no bound.</remarks>
    private static Exception Crossing(Exception failed)
    {
        var text = FailureText.Cut(failed.Message);
        return failed is PermanentFailureException or OptionsException or InvalidDataException
            ? new PermanentFailureException(text)
            : new TransientFailureException(failed is TransientFailureException ? text : FailureText.Cut($"{failed.GetType().Name}: {failed.Message}"));
    }

    private long SizeOf(object result) =>
        worker.Value.Serializer!.Serialize(result, result.GetType(), CancellationToken.None).ToMemory().Length;      // the worker's defaults set one
}
