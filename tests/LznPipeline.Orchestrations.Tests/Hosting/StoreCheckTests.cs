using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LznPipeline.Orchestrations.Tests.Hosting;

public sealed class StoreCheckTests
{
    private readonly FakeTimeProvider _clock = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly FakeLogger<StoreCheck> _log = new();

    [Fact]
    public async Task Start_StorageIsAwayAtFirst_SaysSoTriesAgainAndMakesTheContainer()
    {
        var container = new LateContainer(failures: 3);
        using var check = Check(container);

        await check.StartAsync(default);
        while (!check.ExecuteTask!.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        await check.ExecuteTask;
        Assert.Equal(4, container.Tries);
        var said = _log.Collector.GetSnapshot();
        Assert.Equal([LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Information], said.Select(line => line.Level));
        Assert.StartsWith("Storage does not answer; trying again until it does.", said[0].Message, StringComparison.Ordinal);
        Assert.Equal("Storage answers", said[^1].Message);
    }

    [Fact]
    public async Task Start_StorageIsThere_MakesTheContainerAndSaysNothing()
    {
        var container = new LateContainer(failures: 0);
        using var check = Check(container);

        await check.StartAsync(default);
        await check.ExecuteTask!;

        Assert.Equal((1, 0), (container.Tries, _log.Collector.Count));
    }

    [Fact]
    public async Task Stop_StorageStaysAway_EndsWithoutWaitingForIt()
    {
        using var check = Check(new LateContainer(failures: int.MaxValue));
        await check.StartAsync(default);

        await check.StopAsync(default);

        Assert.True(check.ExecuteTask!.IsCompleted);
    }

    private StoreCheck Check(BlobContainerClient container) => new(new BlobArtifactStore(container), _clock, _log);

    private sealed class LateContainer(int failures) : BlobContainerClient
    {
        public override Uri Uri => new("http://127.0.0.1/account/container");

        internal int Tries { get; private set; }

        public override Task<Response<BlobContainerInfo>> CreateIfNotExistsAsync(
            PublicAccessType publicAccessType = PublicAccessType.None,
            IDictionary<string, string>? metadata = null,
            BlobContainerEncryptionScopeOptions? encryptionScopeOptions = null,
            CancellationToken cancellationToken = default) =>
            Tries++ < failures ? throw new RequestFailedException("Connection refused") : Task.FromResult<Response<BlobContainerInfo>>(null!);
    }
}
