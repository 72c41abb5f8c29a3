using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LznPipeline.Benchmarks.DurableApp;

internal static class Orchestrations
{
    /// <summary>As many activities as the input says, one after the other.</summary>
    [Function(nameof(Chain))]
    public static async Task Chain([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        for (var left = context.GetInput<int>(); left > 0; left--)
            await context.CallActivityAsync<int>(nameof(Nothing), left);
    }

    /// <summary>As many activities as the input says, at once.</summary>
    [Function(nameof(FanOut))]
    public static Task FanOut([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(number => context.CallActivityAsync<int>(nameof(Nothing), number)));

    /// <summary>When its activity began, in milliseconds since 1970.</summary>
    [Function(nameof(Clock))]
    public static Task<long> Clock([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<long>(nameof(Now), 0);

    [Function(nameof(Nothing))]
    public static int Nothing([ActivityTrigger] int number) => number;

    [Function(nameof(Now))]
    public static long Now([ActivityTrigger] int number) => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + number;
}
