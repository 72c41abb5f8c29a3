using Azure.Core;
using Azure.Core.Pipeline;
using LznPipeline.Testing;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>A host whose reads of its queue fail must read it again, whatever they failed with.</summary>
public sealed class QueueReadTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Host_StorageSilentForLongerThanAllRetries_ReadsItsQueueAgain()
    {
        var reads = new ReadGate(message => Task.Delay(Timeout.Infinite, message.CancellationToken));
        await using var host = await StartAsync(reads);
        var id = await WaitingAsync(host);

        reads.Close();
        await Eventually.Becomes(() => reads.Stopped, stopped => stopped > 6); // three reads with one retry each are over

        reads.Open();
        await RaiseAsync(host.Hub, id);
        Assert.Equal(7, (await host.Host.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Host_ReadThatFailsForAReasonNobodyExpects_BeginsThePartitionAnew()
    {
        var reads = new ReadGate(_ => throw new InvalidTimeZoneException("nobody expects this"));
        await using var host = await StartAsync(reads);
        var id = await WaitingAsync(host);

        reads.Close();
        await Eventually.Becomes(() => reads.Stopped, stopped => stopped > 0);

        reads.Open();
        await RaiseAsync(host.Hub, id);
        Assert.Equal(7, (await host.Host.EndAsync(id)).ReadOutputAs<int>());
    }

    private async Task<Running> StartAsync(ReadGate reads)
    {
        var hub = azurite.NewHub();
        return new Running(hub, await TestHost.StartAsync(
            azurite.ConnectionString, hub, tasks => tasks.AddOrchestratorFunc("Wait", context => context.WaitForExternalEvent<int>("Signal")), options =>
            {
                options.PartitionCount = 1;
                options.MaxPollingInterval = TimeSpan.FromMilliseconds(50);
                options.ConfigureClients = clients =>
                {
                    (clients.Retry.NetworkTimeout, clients.Retry.MaxRetries, clients.Retry.Delay) = (NetworkTimeout, 1, TimeSpan.FromMilliseconds(1));
                    clients.AddPolicy(reads, HttpPipelinePosition.BeforeTransport);
                };
            }));
    }

    private static async Task<string> WaitingAsync(Running host)
    {
        var id = await host.Host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await Eventually.BecomesAsync(() => host.Host.History.GetHistoryAsync(id), history => history is [_]);
        return id;
    }

    /// <summary>From another process, so that it comes through the queue.</summary>
    private async Task RaiseAsync(string hub, string id)
    {
        await using var stranger = ClientOnly.Of(azurite.ConnectionString, hub, partitions: 1);
        await stranger.Client.RaiseEventAsync(id, "Signal", 7);
    }

    private sealed record Running(string Hub, TestHost Host) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    /// <summary>Does something to reads of control queues while it is closed.</summary>
    private sealed class ReadGate(Func<HttpMessage, Task> stop) : HttpPipelinePolicy
    {
        private volatile bool _closed;
        private int _stopped;

        public int Stopped => Volatile.Read(ref _stopped);

        public void Close() => _closed = true;

        public void Open() => _closed = false;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The engine has no synchronous requests.");

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (_closed && message.Request.Method == RequestMethod.Get && message.Request.Uri.Path.EndsWith("/messages", StringComparison.Ordinal) && message.Request.Uri.Path.Contains("-control-", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _stopped);
                await stop(message);
            }

            await ProcessNextAsync(message, pipeline);
        }
    }
}
