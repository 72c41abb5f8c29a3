using Azure.Storage.Blobs;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>A workflow of every shape. Each activity leaves one blob named by who called it, however often it runs.</summary>
internal static class Workflows
{
    /// <summary>Events that the test itself raises for each instance of "Events", numbered from 0.</summary>
    public const int Signals = 3;

    private const int FanOutWidth = 200;

    /// <summary>The output, as JSON, that each must end with, and the effects that it must have had.</summary>
    public static readonly IReadOnlyList<Shape> Shapes =
    [
        new("Chain", "5", id => Steps(id, 5)),
        new("FanOut", $"{FanOutWidth}", id => Steps(id, FanOutWidth)),
        new("Timers", "3", id => Steps(id, 3)),
        new("Events", "[0,1,2,0,1,2]", _ => []),
        new("Subs", "9", id => Enumerable.Range(0, 3).SelectMany(sub => Steps($"{id}-{sub}", 3))),
        new("Eternal", "4", id => Steps(id, 5)),
        new("Carrying", "[0,1,2]", _ => []),
    ];

    /// <param name="host">Stands in the blobs: who ran the activity.</param>
    public static Action<DurableTaskRegistry> Register(BlobContainerClient effects, string host) => tasks => tasks
        .AddActivityFunc<string, int>("Effect", async (context, step) =>
        {
            await effects.GetBlobClient($"{context.InstanceId}/{step}").UploadAsync(BinaryData.FromString(host), overwrite: true);
            return 1;
        })
        .AddOrchestratorFunc("Chain", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 5; i++)
                sum += await context.CallActivityAsync<int>("Effect", $"{i}");
            return sum;
        })
        .AddOrchestratorFunc("FanOut", async context =>
            (await Task.WhenAll(Enumerable.Range(0, FanOutWidth).Select(i => context.CallActivityAsync<int>("Effect", $"{i}")))).Sum())
        .AddOrchestratorFunc("Timers", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 3; i++)
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                sum += await context.CallActivityAsync<int>("Effect", $"{i}");
            }

            return sum;
        })
        .AddOrchestratorFunc("Events", async context =>
        {
            var sender = context.CallSubOrchestratorAsync("Sender", context.InstanceId);
            var items = await TakeAsync(context, "Item", 3);
            await sender;
            return items.Order().Concat((await TakeAsync(context, "Signal", Signals)).Order()).ToList();
        })
        .AddOrchestratorFunc<string>("Sender", (context, target) =>
        {
            for (var i = 0; i < 3; i++)
                context.SendEvent(target, "Item", i);
        })
        .AddOrchestratorFunc("Subs", async context =>
            (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<int>("Sub", options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-{i}"))))).Sum())
        .AddOrchestratorFunc("Sub", async context =>
            (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<int>("Effect", $"{i}")))).Sum())
        .AddOrchestratorFunc<int, int>("Eternal", async (context, round) =>
        {
            await context.CallActivityAsync<int>("Effect", $"{round}");
            if (round < 4)
                context.ContinueAsNew(round + 1);
            return round;
        })
        .AddOrchestratorFunc<List<int>, List<int>>("Carrying", async (context, seen) =>
        {
            seen ??= []; // the first execution has no input
            seen.Add(await context.WaitForExternalEvent<int>("Signal"));
            if (seen.Count < Signals)
                context.ContinueAsNew(seen);
            return [.. seen.Order()];
        });

    private static async Task<List<int>> TakeAsync(TaskOrchestrationContext context, string name, int count)
    {
        var taken = new List<int>();
        while (taken.Count < count)
            taken.Add(await context.WaitForExternalEvent<int>(name));
        return taken;
    }

    private static IEnumerable<string> Steps(string instanceId, int count) => Enumerable.Range(0, count).Select(step => $"{instanceId}/{step}");
}
