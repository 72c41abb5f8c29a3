using LznPipeline.Testing;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class FailureTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Activity_Fails_DetailsReachTheCallerWithInnerFailures()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Caller", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Broken");
                    return "no failure";
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.TaskName} {failed.TaskId} {failed.FailureDetails} <- {failed.FailureDetails.InnerFailure}";
                }
            })
            .AddActivityFunc("Broken", Broken));

        Assert.Equal(
            "Broken 0 System.IO.InvalidDataException: bad <- System.NotSupportedException: worse", (await host.RunAsync("Caller")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Activity_FailureNotCaught_FailsTheInstanceWithTheCauseInside()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Caller", context => context.CallActivityAsync("Broken"))
            .AddActivityFunc("Broken", Broken));

        var end = await host.RunAsync("Caller");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails?.ErrorType);
        Assert.Equal("Task 'Broken' (#0) failed with an unhandled exception: bad", end.FailureDetails?.ErrorMessage);
        Assert.True(end.FailureDetails?.InnerFailure?.IsCausedBy<InvalidDataException>());
    }

    [Fact]
    public async Task RetryPolicy_ActivityThatHeals_GivesItsResult()
    {
        var attempts = 0;
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc("Patient", context =>
                context.CallActivityAsync<int>("Flaky", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromMilliseconds(20)))))
            .AddActivityFunc("Flaky", _ => ++attempts < 3 ? throw new TimeoutException("not yet") : attempts));

        Assert.Equal(3, (await host.RunAsync("Patient")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task UnknownOrchestrator_Started_FailsAndNamesIt()
    {
        await using var host = await StartAsync(_ => { });

        var end = await host.RunAsync("Nowhere");

        Assert.Equal("OrchestratorTaskNotFound", end.FailureDetails?.ErrorType);
        Assert.Equal("No orchestrator task named 'Nowhere' was found.", end.FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task UnknownActivity_WithRetries_FailsAtOnce()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc("Caller", context =>
            context.CallActivityAsync("Nowhere", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))))));

        var end = await host.RunAsync("Caller");

        Assert.Equal("ActivityTaskNotFound", end.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task WrongInput_ForTheOrchestrator_FailsTheInstance()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("Number", (_, number) => number));

        var end = await host.RunAsync("Number", "not a number");

        Assert.Equal("System.Text.Json.JsonException", end.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task TaskDelay_InAnOrchestrator_FailsAndSaysWhatToAwait()
    {
        await using var host = await StartAsync(tasks => tasks.AddOrchestratorFunc("Astray", async context =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1)); // not over before it is awaited
            await context.WaitForExternalEvent<int>("Never");
        }));

        var end = await host.RunAsync("Astray");

        Assert.Equal("System.InvalidOperationException", end.FailureDetails?.ErrorType);
        Assert.Contains("everything else belongs into activities", end.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangedCode_OverAnOldHistory_FailsAndNamesExpectedAndActual()
    {
        var hub = azurite.NewHub();
        string id;
        await using (var old = await TestHost.StartAsync(azurite.ConnectionString, hub, tasks => tasks
            .AddOrchestratorFunc("Changing", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                await context.WaitForExternalEvent<int>("Go");
            })))
        {
            id = await old.Client.ScheduleNewOrchestrationInstanceAsync("Changing");
            await Eventually.BecomesAsync(() => old.History.GetHistoryAsync(id), history => history?.Count == 2);
        }

        await using var changed = await TestHost.StartAsync(azurite.ConnectionString, hub, tasks => tasks
            .AddOrchestratorFunc("Changing", async context =>
            {
                await context.CallActivityAsync("Other");
                await context.WaitForExternalEvent<int>("Go");
            }));
        await changed.Client.RaiseEventAsync(id, "Go", 1);
        var end = await changed.EndAsync(id);

        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", end.FailureDetails?.ErrorType);
        Assert.Contains("timer #0", end.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("activity 'Other'", end.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    private static void Broken(TaskActivityContext context) => throw new InvalidDataException("bad", new NotSupportedException("worse"));

    private Task<TestHost> StartAsync(Action<DurableTaskRegistry> tasks) => TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), tasks);
}
