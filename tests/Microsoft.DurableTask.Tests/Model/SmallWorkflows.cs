using System.Collections.Concurrent;

namespace Microsoft.DurableTask.Tests.Model;

/// <summary>Small workflows in which each kind of message and decision occurs.</summary>
internal static class SmallWorkflows
{
    public const int Signals = 3;

    public const int Children = 3;

    public static readonly IReadOnlyList<(string Name, string Output)> Shapes =
    [
        ("Chain", "[0,1,2]"),
        ("FanOut", "[0,1,2,3,4,5]"),
        ("Collect", "[0,1,2]"),
        ("Carry", "[0,1,2]"),
        ("Family", "[0,1,2]"),
        ("Talk", "[0,1,2]"),
        ("Timers", "2"),
        ("Slow", "[0,1,2,3]"),
    ];

    public static string ChildOf(string family, int number) => $"{family}-{number}";

    public static IEnumerable<string> EffectsOf(string chain) => Enumerable.Range(0, 3).Select(i => $"{chain}/{i}");

    public static Action<DurableTaskRegistry> Register(ConcurrentDictionary<string, int> effects) => tasks => tasks
        .AddActivityFunc<int, int>("Effect", (context, step) =>
        {
            effects.AddOrUpdate($"{context.InstanceId}/{step}", 1, (_, count) => count + 1);
            return step;
        })
        .AddActivityFunc<int, int>("Dawdle", async (_, step) =>
        {
            await Task.Delay(60 * step);
            return step;
        })
        .AddOrchestratorFunc("Slow", context => Task.WhenAll(Enumerable.Range(0, 4).Select(i => context.CallActivityAsync<int>("Dawdle", i))))
        .AddOrchestratorFunc("Chain", async context =>
        {
            var done = new List<int>();
            while (done.Count < 3)
                done.Add(await context.CallActivityAsync<int>("Effect", done.Count));
            return done;
        })
        .AddOrchestratorFunc("FanOut", context => Task.WhenAll(Enumerable.Range(0, 6).Select(i => context.CallActivityAsync<int>("Effect", i))))
        .AddOrchestratorFunc("Collect", context => TakeAsync(context, "Signal"))
        .AddOrchestratorFunc<List<int>, List<int>>("Carry", async (context, seen) =>
        {
            seen ??= []; // the first execution has no input
            seen.Add(await context.WaitForExternalEvent<int>("Signal"));
            await context.CallActivityAsync<int>("Effect", seen.Count); // calls are numbered anew in each execution
            if (seen.Count < Signals)
                context.ContinueAsNew(seen);
            return [.. seen.Order()];
        })
        .AddOrchestratorFunc("Family", context => Task.WhenAll(Enumerable.Range(0, Children).Select(i => context.CallSubOrchestratorAsync<int>("Child", i, new SubOrchestrationOptions(instanceId: ChildOf(context.InstanceId, i))))))
        .AddOrchestratorFunc<int, int>("Child", (context, i) => context.CallActivityAsync<int>("Effect", i))
        .AddOrchestratorFunc("Talk", async context =>
        {
            var speaker = context.CallSubOrchestratorAsync("Speak", context.InstanceId);
            var heard = await TakeAsync(context, "Word");
            await speaker;
            return heard;
        })
        .AddOrchestratorFunc<string>("Speak", (context, listener) =>
        {
            for (var i = 0; i < Signals; i++)
                context.SendEvent(listener, "Word", i);
        })
        .AddOrchestratorFunc("Timers", async context =>
        {
            for (var i = 0; i < 2; i++)
                await context.CreateTimer(TimeSpan.FromMilliseconds(30), CancellationToken.None);
            return 2;
        });

    private static async Task<List<int>> TakeAsync(TaskOrchestrationContext context, string name)
    {
        var taken = new List<int>();
        while (taken.Count < Signals)
            taken.Add(await context.WaitForExternalEvent<int>(name));
        return [.. taken.Order()];
    }
}
