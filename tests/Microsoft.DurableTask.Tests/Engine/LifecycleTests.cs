using LznPipeline.Testing;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class LifecycleTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Events_OfAnyCaseBeforeTheWait_ArriveInOrder()
    {
        await using var host = await StartAsync(Collect);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 20);

        for (var i = 0; i < 20; i++)
            await host.Client.RaiseEventAsync(id, i % 2 == 0 ? "item" : "ITEM", i);

        Assert.Equal(Enumerable.Range(0, 20), (await host.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Events_FromAnotherProcessThroughTheQueue_ArriveToo()
    {
        var hub = azurite.NewHub();
        await using var host = await TestHost.StartAsync(azurite.ConnectionString, hub, Collect, options => options.MaxPollingInterval = TimeSpan.FromMilliseconds(100));
        await using var elsewhere = ClientOnly.Of(azurite.ConnectionString, hub);
        var id = await elsewhere.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 2);

        await elsewhere.Client.RaiseEventAsync(id, "Item", 1);
        await elsewhere.Client.RaiseEventAsync(id, "Item", 2);

        Assert.Equal([1, 2], (await elsewhere.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).ReadOutputAs<List<int>>()!.Order());
    }

    [Fact]
    public async Task EventToNobody_IsDiscarded()
    {
        await using var host = await StartAsync(Collect);

        await host.Client.RaiseEventAsync("nobody", "Item", 1);

        Assert.Null(await host.Client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task Terminate_WaitingInstance_EndsWithTheGivenOutput()
    {
        await using var host = await StartAsync(Collect);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 1);
        await host.Client.WaitForInstanceStartAsync(id);

        await host.Client.TerminateInstanceAsync(id, (object)"enough");
        var end = await host.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_RecursiveParent_TerminatesItsChildren()
    {
        await using var host = await StartAsync(tasks =>
        {
            Collect(tasks);
            tasks.AddOrchestratorFunc("Parent", context =>
                context.CallSubOrchestratorAsync("Collect", 1, new TaskOptions().WithInstanceId($"{context.InstanceId}-child")));
        });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await Eventually.BecomesAsync(() => host.Client.GetInstanceAsync($"{id}-child"), child => child?.IsRunning == true);

        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("over", Recursive: true));

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndAsync($"{id}-child")).RuntimeStatus);
    }

    [Fact]
    public async Task Suspend_Instance_HoldsEventsUntilResumed()
    {
        await using var host = await StartAsync(Collect);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 1);
        await host.Client.WaitForInstanceStartAsync(id);

        await host.Client.SuspendInstanceAsync(id);
        await host.Client.RaiseEventAsync(id, "Item", 7);
        var suspended = await host.Client.GetInstanceAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended?.RuntimeStatus);
        Assert.Equal([7], (await host.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task ContinueAsNew_ManyTimes_KeepsOneHistoryAndCarriesEvents()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc<int[], int[]>("Eternal", async (context, seen) =>
        {
            seen = [.. seen, await context.WaitForExternalEvent<int>("Item")];
            if (seen.Length < 10)
                context.ContinueAsNew(seen);
            return seen;
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Eternal", Array.Empty<int>());

        for (var i = 0; i < 10; i++)
            await host.Client.RaiseEventAsync(id, "Item", i);
        var end = await host.EndAsync(id);

        Assert.Equal(Enumerable.Range(0, 10), end.ReadOutputAs<List<int>>()!.Order());
        Assert.Equal(1, (await host.History.GetHistoryAsync(id))!.SelectMany(turn => turn.Arrived).Count(happened => happened is Lzn.Durable.History.ExecutionStarted));
    }

    [Fact]
    public async Task SubOrchestration_OfAParent_KnowsItAndReturnsToIt()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Parent", async context => string.Join('|', await Task.WhenAll(
                Enumerable.Range(0, 5).Select(i => context.CallSubOrchestratorAsync<string>("Child", i)))))
            .AddOrchestratorFunc<int, string>("Child", (context, number) => $"{number} of {context.Parent?.Name} {context.Parent?.InstanceId}"));

        var end = await host.RunAsync("Parent", options: new StartOrchestrationOptions("mother"));

        Assert.Equal(string.Join('|', Enumerable.Range(0, 5).Select(i => $"{i} of Parent mother")), end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_Terminated_FailsItsCallWithDetails()
    {
        await using var host = await StartAsync(tasks =>
        {
            Collect(tasks);
            tasks.AddOrchestratorFunc("Parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Collect", 1, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child"));
                    return "ended";
                }
                catch (TaskFailedException failed)
                {
                    return failed.FailureDetails.ErrorType;
                }
            });
        });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await Eventually.BecomesAsync(() => host.Client.GetInstanceAsync($"{id}-child"), child => child?.IsRunning == true);

        await host.Client.TerminateInstanceAsync($"{id}-child");

        Assert.Equal("OrchestrationTerminated", (await host.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SendEvent_FromOneInstanceToAnother_Arrives()
    {
        await using var host = await StartAsync(tasks =>
        {
            Collect(tasks);
            tasks.AddOrchestratorFunc<string>("Sender", (context, target) => context.SendEvent(target, "Item", 42));
        });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 1);

        await host.RunAsync("Sender", id);

        Assert.Equal([42], (await host.EndAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task Timer_AcrossARestartOfTheHost_FiresStill()
    {
        var hub = azurite.NewHub();
        string id;
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, hub, Sleep))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
            await first.Client.WaitForInstanceStartAsync(id);
        }

        await using var second = await TestHost.StartAsync(azurite.ConnectionString, hub, Sleep);

        Assert.True((await second.EndAsync(id)).ReadOutputAs<TimeSpan>() >= TimeSpan.FromSeconds(2));

        static void Sleep(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc("Sleep", async context =>
        {
            var began = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None);
            return context.CurrentUtcDateTime - began;
        });
    }

    private static void Collect(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<int, List<int>>("Collect", async (context, count) =>
    {
        var items = new List<int>();
        while (items.Count < count)
            items.Add(await context.WaitForExternalEvent<int>("Item"));
        return items;
    });

    private Task<TestHost> StartAsync(Action<DurableTaskRegistry> tasks) => TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), tasks);
}
