using Lzn.Durable.InMemory;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Tests.Crashes;
using Microsoft.DurableTask.Tests.Engine;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Model;

/// <summary>
/// A randomized search through the protocol itself: the engine as it is, two hosts, on storage in memory whose every request may be lost, doubled, late
/// or refused, with hosts that halt past their leases, come back, die, leave in order and are replaced, while finished instances are purged. No
/// interleaving may lose an event or double one, and a purge takes everything in the end.
/// </summary>
public sealed class ProtocolSearchTests(ITestOutputHelper output)
{
    private const int AtOnce = 20; // most of the time is waiting
    private const double MostTrouble = 0.2;
    private static readonly string[] OfInstances = ["instances/", HubNames.Histories, HubNames.AllPayloads, HubNames.Purges];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task TwoHosts_WithLostDoubledLateRequestsAndLeases_NeitherLoseNorDoubleAnEvent()
    {
        var first = Environment.TickCount;
        output.WriteLine($"seeds from {first}");
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForAsync(0, Nightly.Searches, options, async (i, _) =>
        {
            try
            {
                await using var search = new Search(first + i);
                await search.RunAsync();
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Seed {first + i}: {fault.Message}", fault);
            }
        });
    }

    private sealed class Search(int seed) : IAsyncDisposable
    {
        private readonly Random _random = new(seed);
        private readonly MemoryStorage _storage = new();
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _effects = new();
        private readonly List<(TestHost Host, UnreliableTransport Way)> _hosts = [];
        private readonly List<TestHost> _dead = [];

        public async Task RunAsync()
        {
            await using var client = await StartAsync(new UnreliableTransport(_storage, seed), isClient: true);
            var purgersWay = new UnreliableTransport(_storage, seed) { Trouble = MostTrouble };
            await using var purger = await StartAsync(purgersWay, isClient: true);
            for (var i = 0; i < 2; i++)
                _hosts.Add(await StartHostAsync());
            var instances = new List<(string Id, string Output)>();
            foreach (var (name, expected) in SmallWorkflows.Shapes)
            {
                var id = await client.Client.ScheduleNewOrchestrationInstanceAsync(name);
                for (var signal = 0; signal < SmallWorkflows.Signals && name is "Collect" or "Carry"; signal++)
                    await client.Client.RaiseEventAsync(id, "Signal", signal);
                instances.Add((id, expected));
                await MakeTroubleAsync();
            }

            var family = instances[Array.FindIndex([.. SmallWorkflows.Shapes], shape => shape.Name == "Family")].Id;
            for (var child = 0; child < SmallWorkflows.Children; child++)
            {
                await Record.ExceptionAsync(() => purger.Client.PurgeInstanceAsync(SmallWorkflows.ChildOf(family, child))); // it may be over, and its parent not
                await MakeTroubleAsync();
            }

            _hosts.ForEach(host => host.Way.Trouble = 0);
            await AssertAsync(client, instances);
            await Eventually.BecomesAsync(() => LeftAfterPurgeAsync(purger, client), left => left.Length == 0);
        }

        /// <summary>Purges that storage fails again and again, until one comes to its end.</summary>
        private static async Task<string> LeftAfterPurgeAsync(TestHost purger, TestHost client)
        {
            while (await Record.ExceptionAsync(() => purger.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter())) is not null)
            {
                // The next one goes on.
            }

            var left = new List<string>();
            await foreach (var blob in client.Services.GetRequiredService<TaskHubs>().All.Single().Container.GetBlobsAsync())
                left.Add(blob.Name);
            return string.Join(' ', left.Where(name => OfInstances.Any(folder => name.StartsWith(folder, StringComparison.Ordinal))));
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_hosts.Select(host => host.Host).Concat(_dead).Select(host => host.DisposeAsync().AsTask()));
            _storage.Dispose();
        }

        private async Task AssertAsync(TestHost client, List<(string Id, string Output)> instances)
        {
            foreach (var (id, expected) in instances)
            {
                using var patience = new CancellationTokenSource(Patience);
                OrchestrationMetadata end;
                try
                {
                    end = await client.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
                }
                catch (OperationCanceledException late)
                {
                    throw new TimeoutException($"{id} did not end. History: {string.Join("\n", await client.History.GetHistoryAsync(id) ?? [])}", late);
                }

                Assert.Equal((id, expected), (id, end.SerializedOutput));
                HistoryAssert.EachStepOnce((await client.History.GetHistoryAsync(id))!); // it exists
            }

            Assert.All(SmallWorkflows.EffectsOf(instances[0].Id), effect => Assert.Contains(effect, _effects.Keys));
        }

        private async Task MakeTroubleAsync()
        {
            await Task.Delay(_random.Next(5, 60));
            var which = _random.Next(_hosts.Count);
            switch (_random.Next(6))
            {
                case 0:
                    _hosts[which].Way.Kill();
                    _dead.Add(_hosts[which].Host);
                    _hosts[which] = await StartHostAsync();
                    break;
                case 1:
                    var leaving = _hosts[which].Host;
                    _hosts[which] = await StartHostAsync();
                    await leaving.DisposeAsync();
                    break;
                case 2:
                    _hosts[which].Way.Halt();
                    await Task.Delay(_random.Next(100, 1500)); // leases last a second here
                    _hosts[which].Way.GoOn();
                    break;
                default:
                    _hosts[which].Way.Trouble = _random.NextDouble() * MostTrouble;
                    break;
            }
        }

        private async Task<(TestHost Host, UnreliableTransport Way)> StartHostAsync()
        {
            var way = new UnreliableTransport(_storage, _random.Next());
            return (await StartAsync(way, isClient: false), way);
        }

        private Task<TestHost> StartAsync(UnreliableTransport way, bool isClient) => TestHost.StartAsync(
            MemoryStorage.ConnectionString,
            "Model",
            SmallWorkflows.Register(_effects),
            options =>
            {
                options.PartitionCount = 2;
                options.ShortestLease = TimeSpan.FromSeconds(1);
                options.LeaseDuration = TimeSpan.FromSeconds(1);
                options.DrainTimeout = TimeSpan.FromMilliseconds(100);
                options.MaxPollingInterval = TimeSpan.FromMilliseconds(50);
                options.SweepInterval = TimeSpan.FromSeconds(1);
                options.ControlVisibility = TimeSpan.FromSeconds(1);
                options.ActivityVisibilityTimeout = TimeSpan.FromSeconds(3);
                options.ConfigureClients = clients => clients.Transport = way;
            },
            worker: worker => worker.Configure(options => options.Concurrency.MaximumConcurrentActivityWorkItems = 2),
            isClientOnly: isClient);
    }
}
