using DurableTask.Core.Exceptions;
using Lzn.Durable;
using Lzn.Durable.Testing;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Microsoft.DurableTask.Tests.Testing;

public sealed class DurableTaskTestHostTests
{
    [Fact]
    public async Task Orchestration_WithActivitiesAndServices_RunsWithoutStorage()
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<string, string>("Greet", (context, name) => context.CallActivityAsync<string>("Say", name))
                .AddActivity("Say", services => new Say(services.GetRequiredService<Greeting>())),
            new() { ConfigureServices = services => services.AddSingleton(new Greeting("Hello")) });

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Greet", "world");
        var end = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        Assert.Equal("Hello world", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Timer_OfAMonthOnAVirtualClock_FiresWhenTheTestMovesTheClock()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await DurableTaskTestHost.StartAsync(
            tasks => tasks.AddOrchestratorFunc("Remind", async context =>
            {
                await context.CreateTimer(TimeSpan.FromDays(30), CancellationToken.None);
                return context.CurrentUtcDateTime;
            }),
            new() { ConfigureServices = services => services.AddSingleton<TimeProvider>(clock) });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Remind");
        await host.Client.WaitForInstanceStartAsync(id);

        clock.Advance(TimeSpan.FromDays(29));
        await Task.Yield();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(id))!.RuntimeStatus); // it exists
        clock.Advance(TimeSpan.FromDays(2));

        var end = await Eventually.BecomesAsync(() => host.Client.GetInstanceAsync(id, getInputsAndOutputs: true), now => now!.IsCompleted); // it exists
        Assert.Equal(new DateTime(2030, 2, 1, 0, 0, 0, DateTimeKind.Utc), end!.ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task Replay_ChangedCodeOverARecordedHistory_ShowsWhatWasAndWhatIs()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Order", context => context.CallActivityAsync<int>("Old"))
            .AddActivityFunc("Old", _ => 1));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Order");
        await host.Client.WaitForInstanceCompletionAsync(id);
        var text = HistoryReplay.ToText((await ((IOrchestrationHistory)host.Client).GetHistoryAsync(id))!); // it exists

        HistoryReplay.Run(tasks => tasks.AddOrchestratorFunc("Order", context => context.CallActivityAsync<int>("Old")), HistoryReplay.FromText(text));
        var error = Assert.Throws<NonDeterministicOrchestrationException>(() =>
            HistoryReplay.Run(tasks => tasks.AddOrchestratorFunc("Order", context => context.CallActivityAsync<int>("New")), HistoryReplay.FromText(text)));

        Assert.Contains("Expected, from the history: call #0 of activity 'Old'. Actual, from the code: call #0 of activity 'New'", error.Message, StringComparison.Ordinal);
    }

    private sealed record Greeting(string Word);

    private sealed class Say(Greeting greeting) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input) => Task.FromResult($"{greeting.Word} {input}");
    }
}
