using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Lzn.Durable;
using Lzn.Durable.History;
using LznPipeline.Testing;
using Microsoft.DurableTask.Tests.Engine;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>Hosts killed with -9 at numbered storage requests and at random. DURABLE_KILLS sets how often; 40 unless set.</summary>
public sealed class CrashTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("DURABLE_KILLS") ?? "40", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Workflows_HostKilledAgainAndAgain_EndOnceWithTheRightOutput()
    {
        var hub = azurite.NewHub();
        var effects = new BlobContainerClient(azurite.ConnectionString, CrashHost.EffectsOf(hub));
        await effects.CreateAsync();
        await using var client = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 2);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var instances = new Dictionary<string, string>();

        for (var kill = 0; kill < Kills; kill++)
        {
            var name = Workflows.Names[kill % Workflows.Names.Count];
            instances.Add(await client.Client.ScheduleNewOrchestrationInstanceAsync(name, name == "Eternal" ? 0 : null), name);
            var at = kill < Kills / 2 ? 8 + kill : random.Next(8, 120);
            using var host = Run(hub, at, kill % 2 == 0 ? "before" : "after");
            await host.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
            Assert.Equal(137, host.ExitCode); // killed, not ended
        }

        using var last = Run(hub, at: 0, "never");
        foreach (var (id, name) in instances)
        {
            var end = await client.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
            Assert.Equal((id, name, Workflows.ExpectedOutput(name)), (id, end.Name, end.SerializedOutput));
            AssertEachStepOnce((await ((IOrchestrationHistory)client.Client).GetHistoryAsync(id))!); // the instance exists
        }

        await AssertNothingIsLeftAsync(hub);
        last.StandardInput.Close();
        await last.WaitForExitAsync();
        Assert.Equal(0, last.ExitCode);
    }

    private static void AssertEachStepOnce(IReadOnlyList<HistoryBatch> history)
    {
        var calls = history.SelectMany(turn => turn.Decided).OfType<Call>().Select(call => call.Id).ToList();
        var ends = history.SelectMany(turn => turn.Arrived).Select(happened => happened switch
        {
            TaskCompleted it => it.Id,
            TaskFailed it => it.Id,
            TimerFired it => it.Id,
            _ => -1,
        }).Where(id => id >= 0).ToList();
        var messages = history.SelectMany(turn => turn.Arrived).OfType<EventRaised>().Select(raised => raised.MessageId).ToList();

        Assert.Equal(Enumerable.Range(0, calls.Count), calls);
        Assert.Equal(ends.Distinct(), ends);
        Assert.Equal(messages.Distinct(), messages);
        Assert.Single(history.SelectMany(turn => turn.Arrived).OfType<ExecutionStarted>());
        Assert.Single(history.SelectMany(turn => turn.Decided).OfType<ExecutionCompleted>());
    }

    /// <summary>No mark that there is work, and no child that did not end.</summary>
    private async Task AssertNothingIsLeftAsync(string hub)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, Lzn.Durable.Storage.HubNames.Container(hub));
        await Eventually.Becomes(() => container.GetBlobs(prefix: "active/").Select(blob => blob.Name).ToList(), marks => marks.Count == 0);
    }

    private Process Run(string hub, int at, string when)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { typeof(CrashHost).Assembly.Location, azurite.ConnectionString, hub, at.ToString(CultureInfo.InvariantCulture), when })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!; // a new process
    }
}
