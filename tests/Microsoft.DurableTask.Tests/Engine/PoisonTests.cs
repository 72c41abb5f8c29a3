using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Lzn.Durable;
using Lzn.Durable.History;
using Lzn.Durable.InMemory;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>Messages that fail again and again are set aside where they can be seen, and hold up nothing else.</summary>
public sealed class PoisonTests : IDisposable
{
    private const string Hub = "Poisoned";
    private const int MostDeliveries = 10;

    private readonly MemoryStorage _storage = new();

    [Fact]
    public async Task Activity_BegunAgainAndAgainWithoutAnEnd_FailsItsCallAndIsSetAside()
    {
        var hub = new TaskHub(Options());
        await hub.OpenAsync(CancellationToken.None);
        var task = new TaskScheduled(0, "BringsItsHostDown", "", Input: null);
        await WriteAsync(hub, "caller", new HistoryBatch(DateTimeOffset.UtcNow, [Record("caller").ToStart()], [task], Shared: [0], Queued: [0]));
        await hub.Activities.SendAsync(new ActivityMessage("caller", "caller", task), CancellationToken.None);
        for (var delivery = 0; delivery < MostDeliveries; delivery++)
            await ReceiveAndDieAsync(hub.ActivityQueue);

        await using var host = await StartAsync();

        Assert.Contains("was begun 10 times and never came to an end", (await host.EndAsync("caller")).FailureDetails?.InnerFailure?.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("BringsItsHostDown", await PoisonAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_ForAnInstanceWhoseHistoryIsBroken_IsSetAsideAndTheOthersGoOn()
    {
        var hub = new TaskHub(Options());
        await hub.OpenAsync(CancellationToken.None);
        await WriteAsync(hub, "broken", new HistoryBatch(DateTimeOffset.UtcNow, [Record("broken").ToStart()], []));
        using var garbage = new MemoryStream("{ this is no turn\n"u8.ToArray());
        await hub.Container.GetAppendBlobClient(HubNames.History("broken", "broken")).AppendBlockAsync(garbage);
        await hub.Messages.SendAsync(new ControlMessage("broken", Event: new EventRaised("lost", "Go", Payload.Of("1"))), CancellationToken.None);

        await using var host = await StartAsync();

        Assert.Contains("lost", await PoisonAsync(hub), StringComparison.Ordinal);
        Assert.Equal(1, (await host.RunAsync("Nothing")).ReadOutputAs<int>());
    }

    public void Dispose() => _storage.Dispose();

    private static InstanceRecord Record(string id) =>
        new(id, "Calls", "", id, id, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, OrchestrationRuntimeStatus.Pending, Input: null);

    /// <summary>An instance under way, as a host that died has left it.</summary>
    private static async Task WriteAsync(TaskHub hub, string id, HistoryBatch turn)
    {
        await hub.Instances.MarkActiveAsync(hub.PartitionOf(id), Record(id), CancellationToken.None);
        await hub.Instances.CreateAsync(Record(id), CancellationToken.None);
        await hub.Histories.AppendAsync(id, id, turn, 0, CancellationToken.None);
    }

    private static async Task ReceiveAndDieAsync(QueueClient queue)
    {
        var message = (await queue.ReceiveMessageAsync(TimeSpan.FromMinutes(1))).Value;
        await queue.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, visibilityTimeout: TimeSpan.Zero); // its time is over
    }

    private static async Task<string> PoisonAsync(TaskHub hub) =>
        (await Eventually.BecomesAsync(async () => (await hub.PoisonQueue.PeekMessageAsync()).Value?.Body.ToString(), text => text is not null))!; // just seen

    private AzureStorageDurableOptions Options() => Configure(new() { ConnectionString = MemoryStorage.ConnectionString, HubName = Hub });

    private AzureStorageDurableOptions Configure(AzureStorageDurableOptions options)
    {
        options.MaxPollingInterval = TimeSpan.FromMilliseconds(100);
        options.ConfigureClients = clients => clients.Transport = _storage;
        return options;
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        MemoryStorage.ConnectionString,
        Hub,
        tasks => tasks
            .AddOrchestratorFunc("Calls", context => context.CallActivityAsync("BringsItsHostDown"))
            .AddOrchestratorFunc("Nothing", _ => 1)
            .AddActivityFunc("BringsItsHostDown", _ => { }),
        options => Configure(options));
}
