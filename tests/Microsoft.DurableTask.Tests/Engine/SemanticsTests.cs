using Lzn.Durable;
using Lzn.Durable.History;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>Promises to authors of orchestrations that need more than one instance, or a client.</summary>
public sealed class SemanticsTests
{
    [Fact]
    public async Task SubOrchestration_FailsBelow_DetailsReachTheRootThroughEveryLevel()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Root", context => context.CallSubOrchestratorAsync("Middle"))
            .AddOrchestratorFunc("Middle", context => context.CallActivityAsync("Leaf"))
            .AddActivityFunc("Leaf", _ => throw new InvalidDataException("bad", new NotSupportedException("worse"))));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Root"));

        var failures = new List<(string, string)>();
        for (var failure = end.FailureDetails; failure is not null; failure = failure.InnerFailure)
            failures.Add((failure.ErrorType, failure.ErrorMessage));
        Assert.Equal(
            [
                (typeof(TaskFailedException).FullName!, "Task 'Middle' (#0) failed with an unhandled exception: Task 'Leaf' (#0) failed with an unhandled exception: bad"),
                (typeof(TaskFailedException).FullName!, "Task 'Leaf' (#0) failed with an unhandled exception: bad"),
                (typeof(InvalidDataException).FullName!, "bad"),
                (typeof(NotSupportedException).FullName!, "worse"),
            ],
            failures);
    }

    [Fact]
    public async Task SubOrchestration_WithRetries_RunsAgainUnderItsId()
    {
        var attempts = 0;
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Root", context => context.CallSubOrchestratorAsync<int>(
                "Flaky", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromMilliseconds(10))).WithInstanceId("the-child")))
            .AddOrchestratorFunc("Flaky", context => context.CallActivityAsync<int>("Try"))
            .AddActivityFunc("Try", _ => Interlocked.Increment(ref attempts) < 3 ? throw new TimeoutException("not yet") : attempts));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Root"));

        Assert.Equal(3, end.ReadOutputAs<int>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.Client.GetInstanceAsync("the-child"))?.RuntimeStatus);
    }

    [Fact]
    public async Task SubOrchestration_UnderAnIdThatRuns_FailsItsCall()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Root", context => context.CallSubOrchestratorAsync("Wait", new TaskOptions().WithInstanceId("taken")))
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("Go")));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("taken"));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Root"));

        Assert.Contains("an instance with id 'taken' exists", end.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownSubOrchestrator_WithRetries_FailsAtOnce()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc(
            "Root", context => context.CallSubOrchestratorAsync("Nowhere", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))))));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Root"));

        Assert.Equal("OrchestratorTaskNotFound", end.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task Events_BeforeAScheduledStart_AreKept()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Take", context => context.WaitForExternalEvent<int>("Item")));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Take", new StartOrchestrationOptions(StartAt: DateTimeOffset.UtcNow.AddSeconds(1)));

        await host.Client.RaiseEventAsync(id, "item", 5);
        var before = await host.Client.GetInstanceAsync(id);
        var end = await EndAsync(host, id);

        Assert.Equal((OrchestrationRuntimeStatus.Pending, 5), (before?.RuntimeStatus, end.ReadOutputAs<int>()));
    }

    [Fact]
    public async Task Terminate_BeforeAScheduledStart_EndsTheInstance()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Later", _ => 1));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Later", new StartOrchestrationOptions(StartAt: DateTimeOffset.UtcNow.AddDays(1)));

        await host.Client.TerminateInstanceAsync(id, (object)"not needed");

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "not needed"), (await EndAsync(host, id)) is var end ? (end.RuntimeStatus, end.ReadOutputAs<string>()) : default);
    }

    [Fact]
    public async Task Suspend_TimerThatIsDueMeanwhile_FiresWhenResumed()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Sleep", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            return 1;
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await host.Client.WaitForInstanceStartAsync(id);
        await host.Client.SuspendInstanceAsync(id, "lunch");
        await Eventually.BecomesAsync(
            () => ((IOrchestrationHistory)host.Client).GetHistoryAsync(id), turns => turns!.Any(turn => turn.Arrived.Any(happened => happened is TimerFired))); // it exists

        var suspended = await host.Client.GetInstanceAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended?.RuntimeStatus);
        Assert.Equal(1, (await EndAsync(host, id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Version_OfAnOrchestration_IsItsActivitiesUnlessTheCallNamesOne()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, string>("Calls", new TaskVersion("2"), async (context, _) =>
                await context.CallActivityAsync<string>("Which") + await context.CallActivityAsync<string>("Which", options: new TaskOptions { Version = new TaskVersion("1") }))
            .AddActivityFunc("Which", context => context.Version));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Calls", new StartOrchestrationOptions { Version = new TaskVersion("2") }));

        Assert.Equal("21", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_UnderAnotherVersion_IsRunByItsCode()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Upgrade", new TaskVersion("1"), (context, input) =>
            {
                context.ContinueAsNew(new ContinueAsNewOptions { NewInput = input + " by one", NewVersion = "2" });
                return Task.FromResult("ignored");
            })
            .AddOrchestratorFunc<string, string>("Upgrade", new TaskVersion("2"), (context, input) => Task.FromResult($"{input}, {context.Version}")));

        var end = await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Upgrade", "begun", new StartOrchestrationOptions { Version = new TaskVersion("1") }));

        Assert.Equal("begun by one, 2", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task ValueTypeInput_LeftOut_IsItsDefault()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Root", async (context, own) => own + await context.CallActivityAsync<int>("Next"))
            .AddActivityFunc<int, int>("Next", (_, number) => number + 1));

        Assert.Equal(1, (await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Root"))).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Query_ContinuedByItsToken_GoesOnWhereItStopped()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Nothing", _ => 1));
        for (var i = 0; i < 5; i++)
            await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync("Nothing", new StartOrchestrationOptions($"n{i}")));

        var ids = new List<string>();
        string? token = null;
        do
        {
            var page = await FirstPageAsync(host.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 2, ContinuationToken: token)).AsPages(token, 2));
            ids.Add(string.Join(' ', page.Values.Select(instance => instance.InstanceId)));
            token = page.ContinuationToken;
        }
        while (token is not null);

        Assert.Equal(["n0 n1", "n2 n3", "n4"], ids);
    }

    [Fact]
    public async Task ListInstanceIds_ByStatusAndTimeOfTheEnd_HasThoseThatAreOver()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Nothing", _ => 1)
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("Never")));
        foreach (var (name, id) in new[] { ("Nothing", "a"), ("Nowhere", "b"), ("Nothing", "d") })
            await EndAsync(host, await host.Client.ScheduleNewOrchestrationInstanceAsync(name, new StartOrchestrationOptions(id)));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("c"));

        var first = await host.Client.ListInstanceIdsAsync(completedTimeFrom: DateTimeOffset.UtcNow.AddHours(-1), pageSize: 2);
        var second = await host.Client.ListInstanceIdsAsync(pageSize: 2, lastInstanceKey: first.ContinuationToken);
        var failed = await host.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Failed]);
        var earlier = await host.Client.ListInstanceIdsAsync(completedTimeTo: DateTimeOffset.UtcNow.AddHours(-1));

        Assert.Equal(["a b", "d", "b", ""], new[] { first, second, failed, earlier }.Select(page => string.Join(' ', page.Values)));
        Assert.Null(second.ContinuationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_WithOrWithoutRecursive_DoesOrDoesNotReachGrandchildren(bool recursive)
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int>("Nest", async (context, depth) => await (depth > 0
                ? context.CallSubOrchestratorAsync("Nest", depth - 1, new TaskOptions().WithInstanceId($"nest-{depth - 1}"))
                : context.WaitForExternalEvent<int>("Never"))));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Nest", 2, new StartOrchestrationOptions("nest-2"));
        await Eventually.BecomesAsync(() => host.Client.GetInstanceAsync("nest-0"), leaf => leaf?.IsRunning == true);

        await host.Client.TerminateInstanceAsync("nest-2", new TerminateInstanceOptions("over", recursive));
        await EndAsync(host, "nest-2");

        for (var depth = 1; recursive && depth >= 0; depth--)
            Assert.Equal((OrchestrationRuntimeStatus.Terminated, "over"), (await EndAsync(host, $"nest-{depth}")) is var end ? (end.RuntimeStatus, end.ReadOutputAs<string>()) : default);
        Assert.Equal(!recursive, (await host.Client.GetInstanceAsync("nest-0"))?.IsRunning);
    }

    private static Task<OrchestrationMetadata> EndAsync(DurableTaskTestHost host, string id) => host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

    private static async Task<Page<OrchestrationMetadata>> FirstPageAsync(IAsyncEnumerable<Page<OrchestrationMetadata>> pages)
    {
        await foreach (var page in pages)
            return page;
        throw new InvalidOperationException("There is always a first page.");
    }
}
