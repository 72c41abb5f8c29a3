using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Tests.Crashes;
using Microsoft.DurableTask.Tests.Engine;
using Microsoft.DurableTask.Tests.Model;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Faults;

public sealed partial class FaultTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const int Rounds = 5;
    private const double Trouble = 0.1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Storage_BehindAFaultyNetworkThatStopsForAWhile_LosesAndDoublesNothing()
    {
        var hub = azurite.NewHub();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var endpoints = Endpoint().Matches(azurite.ConnectionString).ToDictionary(match => match.Groups[1].Value, match => new Uri(match.Groups[2].Value));
        await using var blobs = await FaultyProxy.StartAsync(endpoints["Blob"], seed);
        await using var queues = await FaultyProxy.StartAsync(endpoints["Queue"], seed + 1);
        var faulty = Endpoint().Replace(azurite.ConnectionString, match => match.Groups[1].Value switch
        {
            "Blob" => $"BlobEndpoint={blobs.Address.GetLeftPart(UriPartial.Authority)}",
            "Queue" => $"QueueEndpoint={queues.Address.GetLeftPart(UriPartial.Authority)}",
            _ => match.Value,
        });
        var effects = new ConcurrentDictionary<string, int>();
        await using var host = await TestHost.StartAsync(faulty, hub, SmallWorkflows.Register(effects), options => options.MaxPollingInterval = TimeSpan.FromMilliseconds(200));
        await using var client = ClientOnly.Of(azurite.ConnectionString, hub); // its calls are not what is tested
        (blobs.Trouble, queues.Trouble) = (Trouble, Trouble);

        var instances = new List<(string Id, string Output)>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, expected) in SmallWorkflows.Shapes)
                instances.Add((await StartAsync(client.Client, name), expected));
            if (round == Rounds / 2)
                await OutageAsync(blobs, queues);
        }

        foreach (var (id, expected) in instances)
        {
            using var patience = new CancellationTokenSource(Patience);
            var end = await client.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
            Assert.Equal((id, expected), (id, end.SerializedOutput));
            HistoryAssert.EachStepOnce((await ((Lzn.Durable.IOrchestrationHistory)client.Client).GetHistoryAsync(id, patience.Token))!); // it exists
        }

        (blobs.Trouble, queues.Trouble) = (0, 0);
        Assert.All(instances.Where((_, i) => i % SmallWorkflows.Shapes.Count == 0).SelectMany(chain => SmallWorkflows.EffectsOf(chain.Id)), effect => Assert.Contains(effect, effects.Keys));
    }

    private static async Task<string> StartAsync(DurableTaskClient client, string name)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(name);
        for (var signal = 0; signal < SmallWorkflows.Signals && name is "Collect" or "Carry"; signal++)
            await client.RaiseEventAsync(id, "Signal", signal);
        return id;
    }

    private static async Task OutageAsync(FaultyProxy blobs, FaultyProxy queues)
    {
        blobs.Stop();
        queues.Stop();
        await Task.Delay(Nightly.Outage);
        blobs.GoOn();
        queues.GoOn();
    }

    [GeneratedRegex(@"(Blob|Queue|Table)Endpoint=(http://[^/]+)")]
    private static partial Regex Endpoint();
}
