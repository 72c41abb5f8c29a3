using Azure.Storage.Blobs;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>A workflow of every shape. Each activity leaves one blob named by who called it, however often it runs.</summary>
internal static class Workflows
{
    public static readonly IReadOnlyList<string> Names = ["Chain", "FanOut", "Timers", "Events", "Subs", "Eternal"];

    /// <summary>The output, as JSON, that each must end with.</summary>
    public static string ExpectedOutput(string name) => name switch
    {
        "Chain" => "5",
        "FanOut" => "20",
        "Timers" => "3",
        "Events" => "[0,1,2]",
        "Subs" => "9",
        "Eternal" => "4",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a workflow"),
    };

    public static Action<DurableTaskRegistry> Register(BlobContainerClient effects) => tasks => tasks
        .AddActivityFunc<string, int>("Effect", async (context, step) =>
        {
            await effects.GetBlobClient($"{context.InstanceId}/{step}").UploadAsync(BinaryData.FromString(step), overwrite: true);
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
            (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Effect", $"{i}")))).Sum())
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
            var seen = new List<int>();
            while (seen.Count < 3)
                seen.Add(await context.WaitForExternalEvent<int>("Item"));
            await sender;
            return seen.Order().ToList();
        })
        .AddOrchestratorFunc<string>("Sender", (context, target) =>
        {
            for (var i = 0; i < 3; i++)
                context.SendEvent(target, "Item", i);
        })
        .AddOrchestratorFunc("Subs", async context =>
            (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.CallSubOrchestratorAsync<int>("Sub")))).Sum())
        .AddOrchestratorFunc("Sub", async context =>
            (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<int>("Effect", $"{i}")))).Sum())
        .AddOrchestratorFunc<int, int>("Eternal", async (context, round) =>
        {
            await context.CallActivityAsync<int>("Effect", $"{round}");
            if (round < 4)
                context.ContinueAsNew(round + 1);
            return round;
        });
}
