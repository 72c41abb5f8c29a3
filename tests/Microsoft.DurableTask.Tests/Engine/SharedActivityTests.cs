using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Lzn.Durable;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>Activities among several hosts, here each with its own services in one process.</summary>
public sealed class SharedActivityTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan UntilHostsKnowEachOther = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Activities_MoreThanTheirHostHasPlacesFor_ArePulledByTheOtherHost()
    {
        var hub = azurite.NewHub();
        var ran = new ConcurrentBag<string>();
        await using var one = await StartAsync(hub, Tasks("one"), Narrow);
        await using var two = await StartAsync(hub, Tasks("two"), Narrow);

        await Eventually.BecomesAsync(
            async () =>
            {
                ran.Clear();
                Assert.Equal(12, (await one.RunAsync("FanOut")).ReadOutputAs<int>());
                return ran.Distinct().Order().ToList();
            },
            hosts => hosts is ["one", "two"],
            UntilHostsKnowEachOther);

        Action<DurableTaskRegistry> Tasks(string name) => tasks => tasks
            .AddOrchestratorFunc("FanOut", async context => (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => context.CallActivityAsync<int>("Note")))).Sum())
            .AddActivityFunc("Note", async _ =>
            {
                ran.Add(name);
                await Task.Delay(100);
                return 1;
            });
    }

    [Fact]
    public async Task Activity_SharedAndLongerThanItsVisibility_RunsOnce()
    {
        var hub = azurite.NewHub();
        var runs = new ConcurrentDictionary<string, int>();
        await using var one = await StartAsync(hub, Tasks, Configure);
        await using var two = await StartAsync(hub, Tasks, Configure);

        await Eventually.BecomesAsync(
            async () =>
            {
                runs.Clear();
                var id = (await one.RunAsync("FanOut")).InstanceId;
                return (await one.History.GetHistoryAsync(id))!.Any(turn => turn.Shared is not null); // the instance exists
            },
            shared => shared,
            UntilHostsKnowEachOther);
        Assert.Equal([1, 1, 1], runs.Values);

        void Configure(AzureStorageDurableOptions options) => options.ActivityVisibilityTimeout = TimeSpan.FromSeconds(3);

        void Tasks(DurableTaskRegistry tasks) => tasks
            .AddOrchestratorFunc("FanOut", context => Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync("Long", $"{i}"))))
            .AddActivityFunc<string>("Long", async (_, name) =>
            {
                runs.AddOrUpdate(name, 1, (_, count) => count + 1);
                await Task.Delay(TimeSpan.FromSeconds(5)); // longer than the queue would wait for a silent host
            });
    }

    [Fact]
    public async Task Activity_RunningWhileItsPartitionMoves_RunsOnceAndItsResultFindsTheInstance()
    {
        var hub = azurite.NewHub();
        var (runs, release) = (0, new TaskCompletionSource());
        await using var one = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks, Unhurried);
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => one.Client.ScheduleNewOrchestrationInstanceAsync("Call")));
        await Eventually.Becomes(() => Volatile.Read(ref runs), count => count == ids.Length);

        await using var two = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks, Unhurried);
        await Eventually.BecomesAsync(
            async () => (await Task.WhenAll(ids.Select(id => two.History.GetHistoryAsync(id)))).Any(history => history!.Any(turn => turn.Shared is not null)), // the instances exist
            lent => lent,
            UntilHostsKnowEachOther * 2);
        release.SetResult();

        foreach (var id in ids)
            Assert.Equal("done", (await two.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(ids.Length, runs);

        void Tasks(DurableTaskRegistry tasks) => tasks
            .AddOrchestratorFunc("Call", context => context.CallActivityAsync<string>("Hold"))
            .AddActivityFunc("Hold", async _ =>
            {
                Interlocked.Increment(ref runs);
                await release.Task;
                return "done";
            });
    }

    [Fact]
    public async Task Activity_WithALimitOfItsOwn_RunsSoManyAtATime()
    {
        var now = 0;
        var atOnce = new ConcurrentBag<int>();
        await using var host = await TestHost.StartAsync(
            azurite.ConnectionString,
            azurite.NewHub(),
            tasks => tasks
                .AddOrchestratorFunc("FanOut", context => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => context.CallActivityAsync("Limited"))))
                .AddActivityFunc("Limited", async _ =>
                {
                    atOnce.Add(Interlocked.Increment(ref now));
                    await Task.Delay(30);
                    Interlocked.Decrement(ref now);
                }),
            options => options.ActivityConcurrency["limited"] = 2);

        await host.RunAsync("FanOut");

        Assert.Equal(2, atOnce.Max());
    }

    [Fact]
    public async Task ActivityMessage_ThatIsNotOne_IsSetAsideAndTheOthersGoOn()
    {
        var hub = azurite.NewHub();
        await using var host = await StartAsync(hub, tasks => tasks.AddOrchestratorFunc("Nothing", _ => 1), Narrow);
        var queues = new QueueServiceClient(azurite.ConnectionString, new() { MessageEncoding = QueueMessageEncoding.Base64 });

        await queues.GetQueueClient(HubNames.ActivityQueue(hub)).SendMessageAsync("{ this is no activity");

        var poison = queues.GetQueueClient(HubNames.PoisonQueue(hub));
        await Eventually.BecomesAsync(async () => (await poison.PeekMessageAsync()).Value?.Body.ToString(), text => text == "{ this is no activity");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.RunAsync("Nothing")).RuntimeStatus);
    }

    [Fact]
    public async Task Host_CutOffFromStorageForLongerThanItsLease_WritesNothingWhenItIsBack()
    {
        var hub = azurite.NewHub();
        var cable = new Cable();
        await using var one = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks, options => options.ConfigureClients = clients => clients.AddPolicy(cable, HttpPipelinePosition.PerRetry));
        await using var stranger = ClientOnly.Of(azurite.ConnectionString, hub);
        var id = await one.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await Eventually.BecomesAsync(() => one.History.GetHistoryAsync(id), history => history is [_]);
        cable.Cut();
        _ = one.Client.RaiseEventAsync(id, "Signal", "from the host that is cut off");

        await using var two = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks);
        await stranger.Client.RaiseEventAsync(id, "Signal", "from outside");
        Assert.Equal("from outside", (await two.EndAsync(id)).ReadOutputAs<string>()); // as soon as the lease has run out
        var then = await two.History.GetHistoryAsync(id);
        cable.Mend();

        Assert.Equal("new", (await one.RunAsync("Echo", "new")).ReadOutputAs<string>()); // it has come to its senses
        Assert.Equal(then!.Count, (await two.History.GetHistoryAsync(id))!.Count); // both exist

        void Tasks(DurableTaskRegistry tasks) => tasks
            .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<string>("Signal"))
            .AddOrchestratorFunc<string, string>("Echo", (_, text) => text);
    }

    /// <summary>However slow the machine: no lease runs out, and no hand-over is cut short.</summary>
    private static void Unhurried(AzureStorageDurableOptions options)
    {
        options.PartitionCount = 2;
        options.LeaseDuration = TimeSpan.FromSeconds(60);
        options.LongestHandOver = TimeSpan.FromSeconds(60);
    }

    private static void Narrow(AzureStorageDurableOptions options)
    {
        options.PartitionCount = 1;
        options.MaxPollingInterval = TimeSpan.FromMilliseconds(100);
    }

    /// <summary>A host with one place for activities.</summary>
    private Task<TestHost> StartAsync(string hub, Action<DurableTaskRegistry> tasks, Action<AzureStorageDurableOptions> configure) =>
        TestHost.StartAsync(azurite.ConnectionString, hub, tasks, configure, worker: worker => worker.Configure(options => options.Concurrency.MaximumConcurrentActivityWorkItems = 1));

    /// <summary>The way of one host to storage: whole, or cut so that requests go nowhere and nothing answers.</summary>
    private sealed class Cable : HttpPipelinePolicy
    {
        private TaskCompletionSource? _mended;

        public void Cut() => _mended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Mend() => Interlocked.Exchange(ref _mended, null)?.SetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The engine has no synchronous requests.");

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (_mended is { } mended)
                await mended.Task.WaitAsync(message.CancellationToken);
            await ProcessNextAsync(message, pipeline);
        }
    }
}
