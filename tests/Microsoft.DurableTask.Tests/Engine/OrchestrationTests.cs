using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class OrchestrationTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Chain_OfActivities_GivesEachResultToTheNext()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Chain", async (context, length) =>
            {
                var value = 0;
                for (var i = 0; i < length; i++)
                    value = await context.CallActivityAsync<int>("Increment", value);
                return value;
            })
            .AddActivityFunc<int, int>("Increment", (_, value) => value + 1));

        var end = await host.RunAsync("Chain", 100);

        Assert.Equal(100, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task FanOut_OfAThousand_GivesAllResults()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("FanOut", async (context, width) =>
                (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum())
            .AddActivityFunc<int, int>("Square", (_, value) => value * value));

        var end = await host.RunAsync("FanOut", 1000);

        Assert.Equal(Enumerable.Range(0, 1000).Sum(i => i * i), end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task WhenAny_ActivityAgainstTimer_EndsWithTheFirstAndDoesNotWaitForTheTimer()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Race", async context =>
            {
                var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                var work = context.CallActivityAsync<string>("Work");
                return await Task.WhenAny(timer, work) == work ? await work : "timer";
            })
            .AddActivityFunc("Work", _ => "work"));

        Assert.Equal("work", (await host.RunAsync("Race")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Classes_ActivityWithServices_GetAScopePerInvocation()
    {
        await using var host = await TestHost.StartAsync(
            azurite.ConnectionString,
            azurite.NewHub(),
            tasks => tasks.AddOrchestrator<Greetings>().AddActivity<Greet>(),
            services: services => services.AddScoped<Greeter>());

        Assert.Equal("Hello Ada (1), Hello Bob (1)", (await host.RunAsync(nameof(Greetings), new[] { "Ada", "Bob" })).ReadOutputAs<string>());
    }

    [Fact]
    public async Task NullInputAndOutput_OfEverything_StayNull()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<string?, string?>("Nothing", (context, input) => context.CallActivityAsync<string?>("Pass", input)!)
            .AddActivityFunc<string?, string?>("Pass", (_, value) => value));

        var end = await host.RunAsync("Nothing");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Null(end.SerializedInput);
        Assert.Null(end.SerializedOutput);
    }

    [Fact]
    public async Task Payloads_LongerThanAnyMessageOrAppend_ArriveWhole()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Long", async (context, input) =>
            {
                var parts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => context.CallActivityAsync<string>("Echo", input)));
                return string.Concat(parts.Select(part => part[..3])) + parts[7].Length + await context.WaitForExternalEvent<string>("More");
            })
            .AddActivityFunc<string, string>("Echo", (_, text) => text));
        var text = "äöü" + new string('x', 1_500_000);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Long", text);
        await host.Client.RaiseEventAsync(id, "More", text);
        var end = await host.EndAsync(id);

        Assert.Equal(string.Concat(Enumerable.Repeat("äöü", 8)) + text.Length + text, end.ReadOutputAs<string>());
        Assert.Equal(text, end.ReadInputAs<string>());
    }

    [Fact]
    public async Task Turn_LongerThanAnAppendTakes_IsCommittedAllTheSame()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Wide", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => context.CallActivityAsync<int>("Length", new string('y', 15_000))))).Sum())
            .AddActivityFunc<string, int>("Length", (_, text) => text.Length));

        Assert.Equal(400 * 15_000, (await host.RunAsync("Wide")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task CustomStatus_LastOfATurn_IsShownWhileRunning()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc("Progress", async context =>
        {
            context.SetCustomStatus(new { Step = 1 });
            context.SetCustomStatus(new { Step = 2 });
            await context.WaitForExternalEvent<object>("Go");
        }));

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Progress");
        await host.Client.WaitForInstanceStartAsync(id);

        var running = await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true);
        Assert.Equal("""{"Step":2}""", running?.SerializedCustomStatus);
        Assert.True(running?.IsRunning);
    }

    [Fact]
    public async Task StartAt_InTheFuture_IsPendingUntilThen()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc("Later", context => context.CurrentUtcDateTime));
        var startAt = DateTimeOffset.UtcNow.AddSeconds(2);

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Later", new StartOrchestrationOptions(StartAt: startAt));
        var before = await host.Client.GetInstanceAsync(id);
        var end = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, before?.RuntimeStatus);
        Assert.True(end.ReadOutputAs<DateTime>() >= startAt.UtcDateTime);
    }

    [Fact]
    public async Task Versions_OfOneName_AreRunByTheirOwnCode()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, string>("Versioned", new TaskVersion("1"), (_, _) => Task.FromResult("one"))
            .AddOrchestratorFunc<object?, string>("Versioned", new TaskVersion("2"), (_, _) => Task.FromResult("two")));

        var second = await host.RunAsync("Versioned", options: new StartOrchestrationOptions { Version = new TaskVersion("2") });
        var missing = await host.RunAsync("Versioned", options: new StartOrchestrationOptions { Version = new TaskVersion("3") });

        Assert.Equal("two", second.ReadOutputAs<string>());
        Assert.Equal("OrchestratorTaskNotFound", missing.FailureDetails?.ErrorType);
    }

    private Task<TestHost> StartAsync(Action<DurableTaskRegistry> tasks) => TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), tasks);

    internal sealed class Greetings : TaskOrchestrator<string[], string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string[] input)
        {
            var greetings = new List<string>();
            foreach (var name in input)
                greetings.Add(await context.CallActivityAsync<string>(nameof(Greet), name));
            return string.Join(", ", greetings);
        }
    }

    internal sealed class Greet(Greeter greeter) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) => Task.FromResult(greeter.To(input));
    }

    internal sealed class Greeter
    {
        private int _count;

        public string To(string name) => $"Hello {name} ({++_count})";
    }
}
