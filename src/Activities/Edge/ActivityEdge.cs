using LznPipeline.Shared.Options;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LznPipeline.Activities.Edge;

/// <summary>
/// What every activity's outcome passes on its way into a history: results are small, failures are short and say whether trying again can help.
/// </summary>
/// <remarks>
/// It stands around the function itself and is no middleware: the durable extension's executor, which calls it, writes a failure's type and message down for
/// the host (as JSON of TaskFailureDetails, in the message of an exception of its own), and middleware sees only that. So the type that is thrown here is the
/// <c>ErrorType</c> that an orchestration's retry policy asks for.
/// </remarks>
public sealed class ActivityEdge(IFunctionExecutor function, IOptions<WorkerOptions> worker, ILogger<ActivityEdge> log) : IFunctionExecutor
{
    /// <summary>Bytes of JSON that may travel through a history at once: references and hashes, never data.</summary>
    public const int MaxPayloadBytes = 16 * 1024;

    /// <summary>Puts the edge around the executor that is registered, which is the generated one of the app.</summary>
    public static void Surround(IServiceCollection services)
    {
        var executor = services.Last(service => service.ServiceType == typeof(IFunctionExecutor)).ImplementationType!;      // the worker registers types
        services.AddSingleton<IFunctionExecutor>(provider =>
            ActivatorUtilities.CreateInstance<ActivityEdge>(provider, ActivatorUtilities.CreateInstance(provider, executor)));
    }

    /// <remarks>An orchestration must not leave its thread, so it passes without an await.</remarks>
    public ValueTask ExecuteAsync(FunctionContext context) => IsActivity(context) ? CrossAsync(context) : function.ExecuteAsync(context);

    private static bool IsActivity(FunctionContext context) =>
        context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "activityTrigger");

    private async ValueTask CrossAsync(FunctionContext context)
    {
        var activity = context.FunctionDefinition.Name;
        try
        {
            await function.ExecuteAsync(context);
        }
        catch (Exception failed) when (!context.CancellationToken.IsCancellationRequested)
        {
            log.ActivityFailed(activity, failed);
            throw Crossing(failed);
        }

        if (context.GetInvocationResult().Value is { } result && SizeOf(result) is > MaxPayloadBytes and var size)
            throw new PermanentFailureException(
                $"{activity} returned {size} bytes. Allowed: {MaxPayloadBytes}; data belongs in a blob, and only its name in a history.");
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

/// <summary>Texts of failures, short enough for histories and queues.</summary>
internal static class FailureText
{
    internal const int MaxLength = 2000;

    internal static string Cut(string text) => text.Length <= MaxLength ? text : text[..(MaxLength - 1)] + "…";
}

/// <summary>An activity failed for a reason that may pass, such as storage that does not answer.</summary>
public sealed class TransientFailureException(string message) : Exception(message);

/// <summary>An activity failed, and would fail again: its input is wrong, or what it needs was taken away.</summary>
public sealed class PermanentFailureException(string message) : Exception(message);
