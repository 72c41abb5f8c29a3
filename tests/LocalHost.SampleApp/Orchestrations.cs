using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace LocalHost.SampleApp;

internal static class Orchestrations
{
    private const int Width = 20;

    /// <summary>One activity after the other.</summary>
    [Function(nameof(Chain))]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var text = context.GetInput<string>() ?? string.Empty;
        foreach (var letter in (string[])["a", "b", "c"])
            text = await context.CallActivityAsync<string>(nameof(Activities.Append), text + letter);
        return text;
    }

    [Function(nameof(FanOut))]
    public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var squares = await Task.WhenAll(Enumerable.Range(1, Width).Select(number => context.CallActivityAsync<int>(nameof(Activities.Square), number)));
        return squares.Sum();
    }

    /// <summary>Says what it sees of an activity's exception.</summary>
    [Function(nameof(Catch))]
    public static async Task<string> Catch([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Activities.Fail), context.GetInput<string>());
        }
        catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<SampleException>())
        {
            return $"{failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}";
        }
    }

    [Function(nameof(FailingOrchestration))]
    public static Task<string> FailingOrchestration([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(Activities.Fail), context.GetInput<string>());

    [Function(nameof(AwaitEvent))]
    public static async Task<string> AwaitEvent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.WaitForExternalEvent<string>("answer");

    /// <summary>Its activity goes on when the test lets it.</summary>
    [Function(nameof(HoldActivity))]
    public static Task<string> HoldActivity([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>("HoldOn", context.GetInput<string>());

    /// <summary>The trace contexts of orchestration and activity.</summary>
    [Function(nameof(Trace))]
    public static async Task<string[]> Trace([OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function) =>
        [function.TraceContext.TraceParent, await context.CallActivityAsync<string>(nameof(Activities.ReadTrace))];

    /// <summary>Counts in an entity.</summary>
    [Function(nameof(Count))]
    public static async Task<int> Count([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var counter = new EntityInstanceId(nameof(Counter), context.InstanceId);
        await context.Entities.CallEntityAsync(counter, "add", 2);
        await context.Entities.CallEntityAsync(counter, "add", 3);
        return await context.Entities.CallEntityAsync<int>(counter, "get");
    }
}
