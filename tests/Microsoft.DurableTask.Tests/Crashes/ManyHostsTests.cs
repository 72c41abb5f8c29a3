using Azure.Storage.Blobs;
using LznPipeline.Testing;
using Microsoft.DurableTask.Tests.Engine;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>Three host processes on one hub that are killed, halted and started at random.</summary>
public sealed class ManyHostsTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const double LargestShare = 0.6;
    private const int PollingMilliseconds = 500; // three hosts that polled as fast as they can would be most of the emulator's work
    private static readonly string[] Names = ["one", "two", "three"];

    [Fact]
    public async Task ThreeHosts_KilledAndHaltedAtRandom_EndEverythingOnceAndShareTheWork()
    {
        var hub = azurite.NewHub();
        var effects = new BlobContainerClient(azurite.ConnectionString, CrashHost.EffectsOf(hub));
        await effects.CreateAsync();
        await using var client = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 6);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var hosts = Names.ToDictionary(name => name, Start);
        using var end = new Processes(hosts);

        var random = new Random(seed);
        var shapes = Workflows.Shapes.Where(shape => shape.Name != "FanOut").ToList(); // a fan-out of 200 is more work than all others
        var instances = new List<(string Id, Shape Shape)>();
        for (var trouble = 0; trouble < Nightly.Troubles; trouble++)
        {
            for (var i = 0; i < Nightly.InstancesPerTrouble; i++)
            {
                var shape = instances.Count % 100 == 0 ? Workflows.Shapes.Single(shape => shape.Name == "FanOut") : shapes[instances.Count % shapes.Count];
                instances.Add((await shape.StartAsync(client.Client), shape));
            }

            await MakeTroubleAsync(hosts, Start, random);
        }

        foreach (var (id, shape) in instances)
            await HistoryAssert.EndedRightAsync(client.Client, effects, id, shape);

        var shares = await SharesAsync(effects);
        output.WriteLine(string.Join(", ", shares));
        Assert.All(shares.Values, share => Assert.InRange(share, 0.02, LargestShare));

        HostProcess Start(string name) => HostProcess.Start(azurite.ConnectionString, hub, name, pollingMilliseconds: PollingMilliseconds);
    }

    /// <summary>Halts one of the hosts for a while, or kills it and starts it again.</summary>
    private static async Task MakeTroubleAsync(Dictionary<string, HostProcess> hosts, Func<string, HostProcess> start, Random random)
    {
        await Task.Delay(TimeSpan.FromSeconds(2 + (3 * random.NextDouble())));
        var name = Names[random.Next(Names.Length)];
        if (random.Next(3) == 0)
        {
            hosts[name].Signal("STOP");
            await Task.Delay(TimeSpan.FromSeconds(3 * random.NextDouble()));
            hosts[name].Signal("CONT");
        }
        else
        {
            hosts[name].Dispose();
            hosts[name] = start(name);
        }
    }

    private static async Task<Dictionary<string, double>> SharesAsync(BlobContainerClient effects)
    {
        var ranOn = new List<string>();
        await foreach (var blob in effects.GetBlobsAsync())
            ranOn.Add((await effects.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToString());
        return Names.ToDictionary(name => name, name => (double)ranOn.Count(host => host == name) / ranOn.Count);
    }

    /// <summary>Ends the hosts, however the test ends.</summary>
    private sealed class Processes(Dictionary<string, HostProcess> hosts) : IDisposable
    {
        public void Dispose()
        {
            foreach (var host in hosts.Values)
                host.Dispose();
        }
    }
}
