using System.Net;
using System.Net.Sockets;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class HostTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Start_StorageNotRunning_FailsWithinSecondsAndNamesTheEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop(); // a port where surely nobody answers
        var connection = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint={endpoint}/devstoreaccount1;QueueEndpoint={endpoint}/devstoreaccount1;";
        var began = TimeProvider.System.GetTimestamp();

        var error = await Assert.ThrowsAsync<HubUnavailableException>(() => TestHost.StartAsync(connection, azurite.NewHub(), _ => { }));

        Assert.Contains($"Blob storage is not reachable at {endpoint}", error.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("has-dashes")]
    [InlineData("1digit")]
    public async Task Start_HubNameNotAllowed_FailsAndSaysWhatIs(string hub)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(azurite.ConnectionString, hub, _ => { }));

        Assert.Contains($"HubName is '{hub}'. Allowed: 3 to 45 ASCII letters and digits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoHosts_OnOneHub_ShareItsInstances()
    {
        var hub = azurite.NewHub();
        var ran = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var one = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks("one"));
        await using var two = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks("two"));

        await Eventually.BecomesAsync(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => one.RunAsync("Where")));
                return ran.Distinct().Order().ToList();
            },
            hosts => hosts is ["one", "two"],
            TimeSpan.FromSeconds(60));

        Action<DurableTaskRegistry> Tasks(string name) => tasks => tasks
            .AddOrchestratorFunc("Where", context => context.CallActivityAsync("Note"))
            .AddActivityFunc("Note", _ => ran.Add(name));
    }

    [Fact]
    public async Task Stop_WithAnActivityRunning_WaitsAndKeepsItsResult()
    {
        var hub = azurite.NewHub();
        var (runs, begun, release) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        string id;
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Long");
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
            var stopping = first.StopAsync();
            release.SetResult();
            await stopping;
        }

        await using var second = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks);

        Assert.Equal(1, (await second.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(1, runs);

        void Tasks(DurableTaskRegistry tasks) => tasks
            .AddOrchestratorFunc("Long", context => context.CallActivityAsync<int>("Work"))
            .AddActivityFunc("Work", async _ =>
            {
                begun.TrySetResult();
                await release.Task;
                return Interlocked.Increment(ref runs);
            });
    }

    [Fact]
    public async Task Message_ThatIsNotOne_IsSetAsideAndTheOthersGoOn()
    {
        var hub = azurite.NewHub();
        await using var host = await TestHost.StartAsync(azurite.ConnectionString, hub, tasks => tasks.AddOrchestratorFunc("Nothing", _ => 1));
        var queues = new Azure.Storage.Queues.QueueServiceClient(azurite.ConnectionString, new() { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });

        await queues.GetQueueClient(HubNames.ControlQueue(hub, 0)).SendMessageAsync("{ this is no message");

        var poison = queues.GetQueueClient(HubNames.PoisonQueue(hub));
        await Eventually.BecomesAsync(async () => (await poison.PeekMessageAsync()).Value?.Body.ToString(), text => text == "{ this is no message");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.RunAsync("Nothing")).RuntimeStatus);
    }
}
