using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Lzn.Durable;
using Lzn.Durable.InMemory;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Tests.Crashes;
using Microsoft.DurableTask.Tests.Storage;
using Xunit.Abstractions;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class PurgeTests(AzuriteFixture azurite, ITestOutputHelper output) : IClassFixture<AzuriteFixture>
{
    private const string InMemoryHub = "Purged";

    private static readonly TimeSpan OneBatch = TimeSpan.FromTicks(1);

    public static TheoryData<bool, int, TimeSpan> Many => new() { { false, 300, OneBatch }, { true, Nightly.Purged, Nightly.Is ? TimeSpan.FromSeconds(10) : OneBatch } };

    [Theory]
    [MemberData(nameof(Many))]
    public async Task PurgeAll_OfManyInSteps_EndsWithNothingOfThemWhileOthersRun(bool inMemory, int count, TimeSpan step)
    {
        using var memory = new MemoryStorage();
        var options = new AzureStorageDurableOptions { ConnectionString = azurite.ConnectionString, HubName = azurite.NewHub() };
        if (inMemory)
            UseMemory(options);
        await FinishedInstances.WriteAsync(options, count);
        await using var host = await TestHost.StartAsync(options.ConnectionString, options.HubName, Tasks, own => own.ConfigureClients = options.ConfigureClients);
        var waiting = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        var filter = new PurgeInstancesFilter(CreatedTo: new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero)) { Timeout = step };
        var (steps, purged, latencies, watch) = (0, 0, new List<double>(), Stopwatch.StartNew());

        for (PurgeResult? result = null; result?.IsComplete != true; steps++)
        {
            var purging = host.Client.PurgeAllInstancesAsync(filter);
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.RunAsync("Nothing")).RuntimeStatus);
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            result = await purging;
            purged += result.PurgedInstanceCount;
            Assert.True(result.PurgedInstanceCount > 0); // each step goes on
        }

        output.WriteLine($"{purged} purged in {watch.Elapsed} and {steps} steps; an orchestration beside each took {latencies.Average():0} ms, {latencies.Max():0} ms at most");
        Assert.Equal(count, purged);
        Assert.InRange(steps, 2, (count / 100) + 1);
        var names = await NamesAsync(new TaskHub(options).Container);
        Assert.DoesNotContain(names, name => name.Contains("old-", StringComparison.Ordinal) || name.StartsWith(HubNames.Purges, StringComparison.Ordinal));
        await host.Client.RaiseEventAsync(waiting, "Go");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(waiting)).RuntimeStatus);

        void UseMemory(AzureStorageDurableOptions options)
        {
            options.ConnectionString = MemoryStorage.ConnectionString;
            options.ConfigureClients = clients => clients.Transport = memory;
        }
    }

    [Fact]
    public async Task PurgeAll_KilledAtAnyRequest_LeavesNoInstanceHalfAndGoesOnWhenCalledAgain()
    {
        const int Count = 11; // the first and the last with a payload
        for (var (number, isKilled) = (1, true); isKilled; number++)
        {
            using var storage = new MemoryStorage();
            await FinishedInstances.WriteAsync(Options(storage), Count);
            await using var client = await ClientAsync(storage);
            var left = number;
            await using var victim = await ClientAsync(new HookedTransport(storage, _ => Interlocked.Decrement(ref left) > 0 ? Task.CompletedTask : throw new RequestFailedException("killed")));

            isKilled = await Record.ExceptionAsync(() => victim.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter())) is not null;

            var here = 0;
            await foreach (var instance in client.Client.GetAllInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true }))
            {
                here++;
                Assert.Equal(instance.SerializedOutput, (await client.History.GetHistoryAsync(instance.InstanceId))!.SelectMany(turn => turn.Decided).OfType<Lzn.Durable.History.ExecutionCompleted>().Single().Result?.Text); // it exists
            }

            var rest = await client.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
            Assert.Equal((number, here), (number, rest.PurgedInstanceCount));
            Assert.Equal(["hub.json"], await NamesAsync(Container(storage)));
        }
    }

    [Fact]
    public async Task Purge_OfAnIdThatIsStartedAgainMeanwhile_LeavesTheNewInstanceWhole()
    {
        using var storage = new MemoryStorage();
        await using var host = await TestHost.StartAsync(MemoryStorage.ConnectionString, InMemoryHub, Tasks, options => options.ConfigureClients = clients => clients.Transport = storage);
        var (first, second) = (new string('1', 30_000), new string('2', 30_000));
        await host.RunAsync("Echo", first, new StartOrchestrationOptions("again"));
        var isFirst = true;
        await using var purger = await ClientAsync(new HookedTransport(storage, async request =>
        {
            if (isFirst && request.Method == RequestMethod.Delete)
            {
                isFirst = false;
                await host.RunAsync("Echo", second, new StartOrchestrationOptions("again"));
            }
        }));

        await purger.Client.PurgeInstanceAsync("again");

        Assert.False(isFirst);
        Assert.Equal(second, (await host.Client.GetInstanceAsync("again", getInputsAndOutputs: true))?.ReadInputAs<string>());
        Assert.Equal(2, (await host.History.GetHistoryAsync("again"))!.SelectMany(turn => turn.Arrived.Concat(turn.Decided)).Count()); // it exists: start and end
        Assert.Equal(1, (await host.Client.PurgeInstanceAsync("again")).PurgedInstanceCount);
        Assert.DoesNotContain(await NamesAsync(Container(storage)), name => name.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetInstance_PurgedWhileItsPayloadsAreRead_IsMissing()
    {
        using var storage = new MemoryStorage();
        await FinishedInstances.WriteAsync(Options(storage), 1);
        await using var purger = await ClientAsync(storage);
        await using var reader = await ClientAsync(new HookedTransport(storage, request =>
            request.Uri.Path.Contains("payloads", StringComparison.Ordinal) ? purger.Client.PurgeInstanceAsync("old-00000") : Task.CompletedTask));

        Assert.Null(await reader.Client.GetInstanceAsync("old-00000", getInputsAndOutputs: true));
    }

    [Theory]
    [InlineData(false, 1, "root-child-grandchild root-child")]
    [InlineData(true, 3, "")]
    public async Task Purge_Recursive_TakesChildrenAndTheirsAndOnlyThen(bool recursive, int purged, string left)
    {
        using var storage = new MemoryStorage();
        await using var host = await TestHost.StartAsync(MemoryStorage.ConnectionString, InMemoryHub, Tasks, options => options.ConfigureClients = clients => clients.Transport = storage);
        await host.RunAsync("Family", "child grandchild", new StartOrchestrationOptions("root"));

        var result = await host.Client.PurgeInstanceAsync("root", new PurgeInstanceOptions(recursive));

        Assert.Equal((purged, left), (result.PurgedInstanceCount, await IdsAsync(host.Client)));
    }

    [Fact]
    public async Task Purge_RecursiveOfAFormerChildThatWasStartedOnItsOwn_LeavesIt()
    {
        using var storage = new MemoryStorage();
        await using var host = await TestHost.StartAsync(MemoryStorage.ConnectionString, InMemoryHub, Tasks, options => options.ConfigureClients = clients => clients.Transport = storage);
        await host.RunAsync("Family", "child", new StartOrchestrationOptions("root"));
        await host.RunAsync("Nothing", options: new StartOrchestrationOptions("root-child"));

        await host.Client.PurgeInstanceAsync("root", new PurgeInstanceOptions(Recursive: true));

        Assert.Equal("root-child", await IdsAsync(host.Client));
    }

    [Fact]
    public async Task Purge_ChildWhoseParentIsNotYetToldOfItsEnd_LeavesIt()
    {
        using var storage = new MemoryStorage();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var way = new HookedTransport(storage, request => request.Method == RequestMethod.Delete && request.Uri.Path.Contains("root-child", StringComparison.Ordinal) ? isHeld.Task : Task.CompletedTask);
        await using var host = await TestHost.StartAsync(MemoryStorage.ConnectionString, InMemoryHub, Tasks, options => options.ConfigureClients = clients => clients.Transport = way);
        await using var client = await ClientAsync(storage);
        await host.RunAsync("Family", "child", new StartOrchestrationOptions("root"));

        var early = await client.Client.PurgeInstanceAsync("root-child"); // its mark is there still
        isHeld.SetResult();

        Assert.Equal(0, early.PurgedInstanceCount);
        await Eventually.BecomesAsync(() => client.Client.PurgeInstanceAsync("root-child"), purged => purged.PurgedInstanceCount == 1);
    }

    [Fact]
    public async Task PurgeAll_ByStatusAndTime_TakesExactlyThose()
    {
        using var storage = new MemoryStorage();
        await FinishedInstances.WriteAsync(Options(storage), 3);
        await using var host = await TestHost.StartAsync(MemoryStorage.ConnectionString, InMemoryHub, Tasks, options => options.ConfigureClients = clients => clients.Transport = storage);
        await host.RunAsync("Nothing", options: new StartOrchestrationOptions("new-completed"));
        await host.RunAsync("Unknown", options: new StartOrchestrationOptions("new-failed"));

        var failed = await host.Client.PurgeInstancesAsync(DateTimeOffset.UtcNow.AddHours(-1), createdTo: null, [OrchestrationRuntimeStatus.Failed]);
        var old = await host.Client.PurgeInstancesAsync(createdFrom: null, DateTimeOffset.UtcNow.AddHours(-1));

        Assert.Equal((1, 3), (failed.PurgedInstanceCount, old.PurgedInstanceCount));
        Assert.Equal("new-completed", await IdsAsync(host.Client));
    }

    [Fact]
    public async Task Start_ThatIsRefused_LeavesNoneOfItsInput()
    {
        using var storage = new MemoryStorage();
        await FinishedInstances.WriteAsync(Options(storage), 2);
        await using var client = await ClientAsync(storage);
        var before = await NamesAsync(Container(storage));

        await Assert.ThrowsAsync<global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException>(() => client.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", new string('x', 30_000), new StartOrchestrationOptions("old-00001").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed)));

        Assert.Equal(before, await NamesAsync(Container(storage)));
    }

    private static void Tasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc("Nothing", _ => 1)
        .AddOrchestratorFunc<string, string>("Echo", (_, text) => text)
        .AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<object?>("Go"))
        .AddOrchestratorFunc<string, int>("Family", async (context, names) =>
        {
            var (first, rest) = (names.Split(' ')[0], names.Split(' ').Skip(1));
            return first.Length == 0 ? 0 : await context.CallSubOrchestratorAsync<int>("Family", string.Join(' ', rest), new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-{first}"));
        });

    private static AzureStorageDurableOptions Options(MemoryStorage storage) =>
        new() { ConnectionString = MemoryStorage.ConnectionString, HubName = InMemoryHub, ConfigureClients = clients => clients.Transport = storage };

    private static Task<TestHost> ClientAsync(Azure.Core.Pipeline.HttpPipelineTransport way) => TestHost.StartAsync(
        MemoryStorage.ConnectionString,
        InMemoryHub,
        Tasks,
        options => options.ConfigureClients = clients =>
        {
            clients.Transport = way;
            clients.Retry.MaxRetries = 0;
        },
        isClientOnly: true);

    private static BlobContainerClient Container(MemoryStorage storage) =>
        new(MemoryStorage.ConnectionString, HubNames.Container(InMemoryHub), new BlobClientOptions { Transport = storage });

    private static async Task<List<string>> NamesAsync(BlobContainerClient container)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync())
            names.Add(blob.Name);
        return names;
    }

    private static async Task<string> IdsAsync(DurableTaskClient client)
    {
        var ids = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync())
            ids.Add(instance.InstanceId);
        return string.Join(' ', ids);
    }
}
