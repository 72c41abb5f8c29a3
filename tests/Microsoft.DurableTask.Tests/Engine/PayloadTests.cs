using Azure.Storage.Blobs;
using Lzn.Durable;
using Lzn.Durable.History;
using Lzn.Durable.InMemory;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.DurableTask.Tests.Crashes;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class PayloadTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const int Quotes = 2; // of a string in JSON
    private const string Allowed = "is 67,108,865 bytes long as JSON; allowed are 67,108,864 (64 MiB).";

    private static readonly string Longest = new('x', PayloadConverter.LargestBytes - Quotes);

    [Fact]
    public async Task Payload_Of64MiB_GoesInThroughAnActivityAndOut()
    {
        using var memory = new MemoryStorage();
        await using var host = await TestHost.StartAsync(
            Nightly.Is ? azurite.ConnectionString : MemoryStorage.ConnectionString,
            azurite.NewHub(),
            tasks => tasks
                .AddOrchestratorFunc<string, string>("Pass", (context, text) => context.CallActivityAsync<string>("Echo", text))
                .AddActivityFunc<string, string>("Echo", (_, text) => text),
            options => options.ConfigureClients = clients => clients.Transport = Nightly.Is ? clients.Transport : memory);

        var end = await host.RunAsync("Pass", Longest);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.True(end.ReadOutputAs<string>() == Longest);
    }

    [Fact]
    public async Task Event_Of20MB_ThroughTheQueue_IsCarriedOverOutsideOfTheRecord()
    {
        const int LargestRecord = 10_000;
        var hub = azurite.NewHub();
        await using var host = await TestHost.StartAsync(
            azurite.ConnectionString,
            hub,
            tasks => tasks.AddOrchestratorFunc<bool, int>("Twice", async (context, again) =>
            {
                if (again)
                    return (await context.WaitForExternalEvent<string>("Text")).Length + await context.WaitForExternalEvent<int>("More");
                await context.WaitForExternalEvent<int>("Again");
                context.ContinueAsNew(newInput: true);
                return 0;
            }),
            options => options.MaxPollingInterval = TimeSpan.FromMilliseconds(100));
        await using var elsewhere = ClientOnly.Of(azurite.ConnectionString, hub);
        var id = await elsewhere.Client.ScheduleNewOrchestrationInstanceAsync("Twice", input: false);

        await elsewhere.Client.RaiseEventAsync(id, "Text", new string('ä', 10_000_000));
        await Eventually.BecomesAsync(() => host.History.GetHistoryAsync(id), turns => turns!.Any(turn => turn.Arrived.Any(happened => happened is EventRaised))); // it exists
        await host.Client.RaiseEventAsync(id, "Again", 1);
        await Eventually.BecomesAsync(() => host.History.GetHistoryAsync(id), turns => turns is [{ Arrived: [ExecutionStarted, EventRaised { Name: "Text" }] }, ..]);
        var record = await new BlobContainerClient(azurite.ConnectionString, HubNames.Container(hub)).GetBlobClient(HubNames.Instance(id)).GetPropertiesAsync();
        await host.Client.RaiseEventAsync(id, "More", 7);

        Assert.Equal(10_000_007, (await host.EndAsync(id)).ReadOutputAs<int>());
        Assert.InRange(record.Value.ContentLength, 1, LargestRecord);
    }

    [Theory]
    [InlineData("input of activity", "Echo")]
    [InlineData("result of activity", "Produce")]
    [InlineData("input of sub-orchestrator", "Overdo")]
    [InlineData("payload of event", "Text")]
    [InlineData("custom status of orchestrator", "Overdo")]
    [InlineData("next input of orchestrator", "Overdo")]
    [InlineData("output of orchestrator", "Overdo")]
    public async Task Payload_TooLargeWithinAnOrchestration_FailsThatTaskAndNamesSizeLimitAndWayOut(string what, string whose)
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Overdo", async (context, place) =>
            {
                var tooLong = Longest + "x";
                await (place switch
                {
                    "input of activity" => context.CallActivityAsync("Echo", tooLong),
                    "result of activity" => context.CallActivityAsync("Produce"),
                    "input of sub-orchestrator" => context.CallSubOrchestratorAsync("Overdo", tooLong),
                    _ => Task.CompletedTask,
                });
                if (place == "payload of event")
                    context.SendEvent("somebody", "Text", tooLong);
                if (place == "custom status of orchestrator")
                    context.SetCustomStatus(tooLong);
                if (place == "next input of orchestrator")
                    context.ContinueAsNew(tooLong);
                return tooLong;
            })
            .AddActivityFunc<string, string>("Echo", (_, text) => text)
            .AddActivityFunc("Produce", _ => Longest + "x"));

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Overdo", what);
        var end = await host.Client.WaitForInstanceCompletionAsync(id);

        var failure = end.FailureDetails?.InnerFailure ?? end.FailureDetails;
        Assert.Equal(typeof(PayloadTooLargeException).FullName, failure?.ErrorType);
        Assert.Equal($"The {what} '{whose}' {Allowed} Store it, for example as a blob, and pass its name.", failure?.ErrorMessage);
    }

    [Fact]
    public async Task Payload_TooLargeOfAClient_IsRefusedBeforeAnythingIsWritten()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("Text")));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.Client.WaitForInstanceStartAsync(id);
        var tooLong = Longest + "x";

        var started = await Assert.ThrowsAsync<PayloadTooLargeException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", tooLong, new StartOrchestrationOptions("new")));
        var raised = await Assert.ThrowsAsync<PayloadTooLargeException>(() => host.Client.RaiseEventAsync(id, "Text", tooLong));
        var terminated = await Assert.ThrowsAsync<PayloadTooLargeException>(() => host.Client.TerminateInstanceAsync(id, (object)tooLong));

        Assert.StartsWith($"The input of orchestrator 'Wait' {Allowed}", started.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The payload of event 'Text' {Allowed}", raised.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The termination output of instance '{id}' {Allowed}", terminated.Message, StringComparison.Ordinal);
        Assert.Null(await host.Client.GetInstanceAsync("new"));
        await host.Client.RaiseEventAsync(id, "Text", "short");
        Assert.Equal("short", (await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).ReadOutputAs<string>());
    }
}
