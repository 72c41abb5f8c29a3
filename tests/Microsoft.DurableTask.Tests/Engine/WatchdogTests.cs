using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Lzn.Durable;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class WatchdogTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Partition_LeasedByAStrangerWhileMessagesWait_TurnsHealthRedAndThenRecovers()
    {
        var hub = azurite.NewHub();
        await using (await StartAsync(hub))
        {
            // makes the hub
        }

        var lease = new BlobContainerClient(azurite.ConnectionString, HubNames.Container(hub)).GetBlobClient(HubNames.Partition(0)).GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration);
        await using var host = await StartAsync(hub, options => options.LongestHealthyWait = TimeSpan.FromSeconds(1));
        await using var stranger = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 1);
        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("Nothing");

        await BecomesAsync(host, HealthStatus.Unhealthy, $"Queue {HubNames.ControlQueue(hub, 0)}: the oldest message has waited for ");

        await lease.ReleaseAsync();
        await BecomesAsync(host, HealthStatus.Healthy);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Partition_WhoseLeaseNobodyTakes_TurnsHealthRedUntilAHostDoes()
    {
        var options = new AzureStorageDurableOptions
        {
            ConnectionString = azurite.ConnectionString,
            HubName = azurite.NewHub(),
            PartitionCount = 1,
            WatchInterval = TimeSpan.FromMilliseconds(200),
            LongestHealthyWait = TimeSpan.FromSeconds(1),
        };
        var hub = new TaskHub(options);
        await hub.OpenAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var watch = new Lzn.Durable.Hosting.Watchdog(hub, options, () => [], Extensions.Logging.Abstractions.NullLogger.Instance).RunAsync(stop.Token);

        await Eventually.Becomes(
            () => hub.Health.Findings,
            findings => findings is [{ IsRed: true } red] && red.What.StartsWith($"Partition 0 of task hub '{options.HubName}': no host has its lease since ", StringComparison.Ordinal));

        await using var host = await StartAsync(options.HubName);
        await Eventually.Becomes(() => hub.Health.Findings, findings => findings.Count == 0);
        await stop.CancelAsync();
        await watch;
    }

    [Fact]
    public async Task Queue_DeletedUnderARunningHost_IsMadeAgainAndMessagesArrive()
    {
        var hub = azurite.NewHub();
        await using var host = await StartAsync(hub);
        await using var stranger = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 1);
        var queue = new QueueClient(azurite.ConnectionString, HubNames.ControlQueue(hub, 0));

        await queue.DeleteAsync();
        await Eventually.BecomesAsync(async () => (await queue.ExistsAsync()).Value, exists => exists, Patience);

        var id = await stranger.Client.ScheduleNewOrchestrationInstanceAsync("Nothing");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Message_SetAside_DegradesHealthUntilItIsSeenTo()
    {
        var hub = azurite.NewHub();
        await using var host = await StartAsync(hub);
        var queues = new QueueServiceClient(azurite.ConnectionString, new() { MessageEncoding = QueueMessageEncoding.Base64 });

        await queues.GetQueueClient(HubNames.ControlQueue(hub, 0)).SendMessageAsync("{ this is no message");

        await BecomesAsync(host, HealthStatus.Degraded, $"Queue {HubNames.PoisonQueue(hub)}: messages were set aside. Look at them, then delete them.");
        await queues.GetQueueClient(HubNames.PoisonQueue(hub)).ClearMessagesAsync();
        await BecomesAsync(host, HealthStatus.Healthy);
    }

    [Fact]
    public async Task SecondApp_WithTheSameHub_RefusesToStartAndNamesTheFirst()
    {
        var hub = azurite.NewHub();
        await using var first = await StartAsync(hub, options => options.AppName = "first");

        var error = await Assert.ThrowsAsync<HubUnavailableException>(() => StartAsync(hub, options => options.AppName = "second"));

        Assert.Contains("is in use by app 'first', and this is app 'second'", error.Message, StringComparison.Ordinal);
        await first.StopAsync();
        await using var second = await StartAsync(hub, options => options.AppName = "second");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await second.RunAsync("Nothing")).RuntimeStatus);
    }

    private static async Task BecomesAsync(TestHost host, HealthStatus status, string because = "")
    {
        var checks = host.Services.GetRequiredService<HealthCheckService>();
        await Eventually.BecomesAsync(
            async () => (await checks.CheckHealthAsync()).Entries["durable"],
            now => now.Status == status && (now.Description ?? "").Contains(because, StringComparison.Ordinal),
            Patience);
    }

    private Task<TestHost> StartAsync(string hub, Action<AzureStorageDurableOptions>? configure = null) =>
        TestHost.StartAsync(azurite.ConnectionString, hub, tasks => tasks.AddOrchestratorFunc("Nothing", _ => 1), options =>
        {
            options.PartitionCount = 1;
            options.MaxPollingInterval = TimeSpan.FromMilliseconds(100);
            options.WatchInterval = TimeSpan.FromMilliseconds(300);
            configure?.Invoke(options);
        });
}
