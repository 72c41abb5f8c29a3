using DurableTask.Core.Exceptions;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class InstanceTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Start_IdOfARunningInstance_IsRefusedAndLeavesItAlone()
    {
        await using var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "first", new StartOrchestrationOptions("taken"));

        var error = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "second", new StartOrchestrationOptions("taken")));

        Assert.Contains("'taken'", error.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await host.Client.GetInstanceAsync("taken", getInputsAndOutputs: true))?.ReadInputAs<string>());
    }

    [Fact]
    public async Task Start_IdOfARunningInstanceThatMayBeReplaced_TerminatesItFirst()
    {
        await using var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "first", new StartOrchestrationOptions("taken"));

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Echo", "second", new StartOrchestrationOptions("taken") { DedupeStatuses = [] });

        Assert.Equal("second", (await host.EndAsync("taken")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_IdOfAFinishedInstance_ReplacesIt()
    {
        await using var host = await StartAsync();
        await host.RunAsync("Echo", "first", new StartOrchestrationOptions("again"));

        var end = await host.RunAsync("Echo", "second", new StartOrchestrationOptions("again"));

        Assert.Equal("second", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_FinishedStatusToBeKept_IsRefused()
    {
        await using var host = await StartAsync();
        await host.RunAsync("Echo", "first", new StartOrchestrationOptions("kept"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", "second", new StartOrchestrationOptions("kept").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed)));
    }

    [Theory]
    [InlineData("Sleeping")]
    [InlineData("Terminated")]
    public async Task Start_DedupeStatusesThatMakeNoSense_AreRefused(string status)
    {
        await using var client = ClientOnly.Of(azurite.ConnectionString, azurite.NewHub());

        await Assert.ThrowsAsync<ArgumentException>(() =>
            client.Client.ScheduleNewOrchestrationInstanceAsync("Echo", "", new StartOrchestrationOptions { DedupeStatuses = [status] }));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b?c#d e%2f")]
    [InlineData("größe-日本")]
    public async Task InstanceId_WithUnusualCharacters_IsKept(string id)
    {
        await using var host = await StartAsync();

        var end = await host.RunAsync("Echo", "x", new StartOrchestrationOptions(id));

        Assert.Equal(id, end.InstanceId);
        Assert.Equal([id], await IdsAsync(host.Client, new OrchestrationQuery(InstanceIdPrefix: id)));
    }

    [Fact]
    public async Task Query_ByPrefixStatusAndPages_FindsExactlyThose()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 5; i++)
            await host.RunAsync("Echo", i, new StartOrchestrationOptions($"done-{i}"));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "x", new StartOrchestrationOptions("done-not"));
        await host.Client.WaitForInstanceStartAsync("done-not");
        await host.RunAsync("Echo", 9, new StartOrchestrationOptions("other"));

        var done = await IdsAsync(host.Client, new OrchestrationQuery(InstanceIdPrefix: "done", Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: 2));
        var running = await IdsAsync(host.Client, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]));
        var future = await IdsAsync(host.Client, new OrchestrationQuery(CreatedFrom: DateTimeOffset.UtcNow.AddHours(1)));

        Assert.Equal(["done-0", "done-1", "done-2", "done-3", "done-4"], done);
        Assert.Equal(["done-not"], running);
        Assert.Empty(future);
    }

    [Fact]
    public async Task Purge_FinishedInstance_LeavesNothingBehind()
    {
        var hub = azurite.NewHub();
        await using var host = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks);
        await host.RunAsync("Echo", new string('x', 100_000), new StartOrchestrationOptions("old"));
        var blobs = new Azure.Storage.Blobs.BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(Lzn.Durable.Storage.HubNames.Container(hub));

        var purged = await host.Client.PurgeInstanceAsync("old");

        Assert.Equal(1, purged.PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("old"));
        await Eventually.Becomes(() => blobs.GetBlobs().Select(blob => blob.Name).Where(name => name.Contains("old", StringComparison.Ordinal)).ToList(), names => names.Count == 0);
    }

    [Fact]
    public async Task Purge_RunningOrMissingInstance_DeletesNothing()
    {
        await using var host = await StartAsync();
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "x", new StartOrchestrationOptions("busy"));

        Assert.Equal(0, (await host.Client.PurgeInstanceAsync("busy")).PurgedInstanceCount);
        Assert.Equal(0, (await host.Client.PurgeInstanceAsync("missing")).PurgedInstanceCount);
        Assert.NotNull(await host.Client.GetInstanceAsync("busy"));
    }

    [Fact]
    public async Task Restart_FinishedInstance_RunsAgainWithItsInput()
    {
        await using var host = await StartAsync();
        await host.RunAsync("Echo", "input", new StartOrchestrationOptions("one"));

        var id = await host.Client.RestartAsync("one", restartWithNewInstanceId: true);

        Assert.NotEqual("one", id);
        Assert.Equal("input", (await host.EndAsync(id)).ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.RestartAsync("missing"));
    }

    [Fact]
    public async Task Rewind_FailedInstance_MakesOnlyTheFailedCallsAgain()
    {
        var runs = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var broken = true;
        await using var host = await TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), tasks => tasks
            .AddOrchestratorFunc("Parent", async context =>
            {
                var first = await context.CallActivityAsync<int>("Work", "first");
                var both = await Task.WhenAll(context.CallActivityAsync<int>("Work", "second"), context.CallSubOrchestratorAsync<int>("Child"));
                return first + both.Sum();
            })
            .AddOrchestratorFunc("Child", context => context.CallActivityAsync<int>("Work", "broken"))
            .AddActivityFunc<string, int>("Work", (_, step) =>
                runs.AddOrUpdate(step, 1, (_, count) => count + 1) > 0 && step == "broken" && broken ? throw new InvalidDataException("broken") : 1));
        var failed = await host.RunAsync("Parent");
        broken = false;

        await host.Client.RewindInstanceAsync(failed.InstanceId, "repaired");
        var end = await host.EndAsync(failed.InstanceId);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal(3, end.ReadOutputAs<int>());
        Assert.Equal([("broken", 2), ("first", 1), ("second", 1)], runs.Select(run => (run.Key, run.Value)).Order());
    }

    [Fact]
    public async Task Rewind_InstanceThatHasNotFailed_IsRefused()
    {
        await using var host = await StartAsync();
        await host.RunAsync("Echo", 1, new StartOrchestrationOptions("fine"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.RewindInstanceAsync("fine", "why not"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.RewindInstanceAsync("missing", "why not"));
    }

    private static async Task<List<string>> IdsAsync(DurableTaskClient client, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync(query))
            ids.Add(instance.InstanceId);
        return ids;
    }

    private static void Tasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<object?, object?>("Echo", (_, input) => Task.FromResult(input))
        .AddOrchestratorFunc<object?>("Wait", (context, _) => context.WaitForExternalEvent<object>("Never"));

    private Task<TestHost> StartAsync() => TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), Tasks);
}
