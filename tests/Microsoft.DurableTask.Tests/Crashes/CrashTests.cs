using Azure.Storage.Blobs;
using LznPipeline.Testing;
using Microsoft.DurableTask.Tests.Engine;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>Hosts killed with -9 at every storage request in turn, and at random: 40 kills, and 500 when LZN_NIGHTLY is set.</summary>
public sealed class CrashTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const int RequestsOfAWorkflow = 60; // about; a host that has done its work goes on to poll, so it dies at any number

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
        var instances = new Dictionary<string, Shape>();

        foreach (var (kill, (number, shape)) in FailPoints(Nightly.Kills, random).Index())
        {
            instances.Add(await shape.StartAsync(client.Client), shape);
            var when = random.Next(2) == 0 ? "before" : "after";
            output.WriteLine($"kill {kill}, {when} request {number}, {shape.Name}");
            using var host = HostProcess.Start(azurite.ConnectionString, hub, "victim", number, when);
            await host.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(host.ExitCode == 137, $"The host ended by itself with {host.ExitCode}, before it was killed: {host.LastWords}");
        }

        using var last = HostProcess.Start(azurite.ConnectionString, hub, "survivor");
        foreach (var (id, shape) in instances)
        {
            await HistoryAssert.EndedRightAsync(client.Client, effects, id, shape);
        }

        await AssertNothingIsLeftAsync(hub);
        last.Release();
        await last.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, last.ExitCode);
    }

    /// <summary>One half of the kills goes through the requests of each shape in turn, in steps as small as the number of kills allows; the other is random.</summary>
    private static IEnumerable<(int Number, Shape Shape)> FailPoints(int kills, Random random)
    {
        var perShape = Math.Max(1, kills / 2 / Workflows.Shapes.Count);
        for (var kill = 0; kill < kills; kill++)
        {
            var (shape, place) = (Workflows.Shapes[kill % Workflows.Shapes.Count], kill / Workflows.Shapes.Count);
            yield return (place < perShape ? 1 + (place * RequestsOfAWorkflow / perShape) : random.Next(1, 2 * RequestsOfAWorkflow), shape);
        }
    }

    /// <summary>No mark that there is work, and no child that did not end.</summary>
    private async Task AssertNothingIsLeftAsync(string hub)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, Lzn.Durable.Storage.HubNames.Container(hub));
        await Eventually.Becomes(() => container.GetBlobs(prefix: "active/").Select(blob => blob.Name).ToList(), marks => marks.Count == 0);
    }
}
