using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Lzn.Durable.Storage;
using LznPipeline.Testing;
using Microsoft.DurableTask.Tests.Engine;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>The order of commit and settlement, at the requests themselves.</summary>
public sealed class SettlementTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan LongEnoughToErr = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Message_WhoseTurnIsNotYetInTheHistory_StaysInTheQueue()
    {
        var hub = azurite.NewHub();
        var gate = new AppendGate();
        await using var host = await TestHost.StartAsync(azurite.ConnectionString, hub, tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("Signal")), Configure);
        await using var stranger = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 1);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await Eventually.BecomesAsync(() => host.History.GetHistoryAsync(id), history => history is [_]);
        gate.Close();

        await stranger.Client.RaiseEventAsync(id, "Signal", 7); // through the queue
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.Delay(LongEnoughToErr); // time for a delete that must not come

        var queue = new QueueClient(azurite.ConnectionString, HubNames.ControlQueue(hub, 0));
        Assert.Equal(1, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
        gate.Open();
        Assert.Equal(7, (await host.EndAsync(id)).ReadOutputAs<int>());
        await Eventually.BecomesAsync(async () => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount, count => count == 0);

        void Configure(Lzn.Durable.AzureStorageDurableOptions options)
        {
            options.PartitionCount = 1;
            options.MaxPollingInterval = TimeSpan.FromMilliseconds(50);
            options.ConfigureClients = clients => clients.AddPolicy(gate, HttpPipelinePosition.PerCall);
        }
    }

    [Fact]
    public async Task Activity_WhoseCallIsNotYetInTheHistory_DoesNotRun()
    {
        var gate = new AppendGate();
        var runs = 0;
        await using var host = await TestHost.StartAsync(
            azurite.ConnectionString,
            azurite.NewHub(),
            tasks => tasks.AddOrchestratorFunc("Call", context => context.CallActivityAsync<int>("Count")).AddActivityFunc("Count", _ => Interlocked.Increment(ref runs)),
            options => options.ConfigureClients = clients => clients.AddPolicy(gate, HttpPipelinePosition.PerCall));
        gate.Close();

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Call");
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.Delay(LongEnoughToErr); // time for a run that must not come

        Assert.Equal(0, runs);
        gate.Open();
        Assert.Equal(1, (await host.EndAsync(id)).ReadOutputAs<int>());
    }

    /// <summary>Holds appends to histories while it is closed.</summary>
    private sealed class AppendGate : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _open = Opened();

        public Task Reached => _reached.Task;

        public void Close() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.TrySetResult();

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The engine has no synchronous requests.");

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Uri.Query.Contains("comp=appendblock", StringComparison.Ordinal) && !_open.Task.IsCompleted)
            {
                _reached.TrySetResult();
                await _open.Task.WaitAsync(message.CancellationToken);
            }

            await ProcessNextAsync(message, pipeline);
        }

        private static TaskCompletionSource Opened()
        {
            var opened = new TaskCompletionSource();
            opened.SetResult();
            return opened;
        }
    }
}
