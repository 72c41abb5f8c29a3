using Azure.Storage.Blobs;
using LznPipeline.LocalHost.Settings;
using Microsoft.Azure.WebJobs.Host.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Storage;

/// <summary>Says in log and health when the host's storage goes away and when it is back. Nothing ends because of it.</summary>
internal sealed class StorageWatch : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(1);

    private readonly ILogger<StorageWatch> _log;

    public StorageWatch(IAzureBlobStorageProvider provider, ILogger<StorageWatch> log)
    {
        if (!provider.TryCreateHostingBlobContainerClient(out var container))
            throw new HostStartException(
                $"The setting {HostSettings.StorageConnection} is missing or wrong. "
                + "Allowed: the connection string of a storage account, or UseDevelopmentStorage=true for Azurite.");
        (Container, _log) = (container, log);
    }

    /// <summary>Where the hosts of this account keep their locks and timers, <c>azure-webjobs-hosts</c>.</summary>
    internal BlobContainerClient Container { get; }

    /// <summary>Asks storage one short question.</summary>
    /// <returns>Null when it answers, else what is wrong.</returns>
    internal async Task<string?> ProbeAsync(CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            await Container.ExistsAsync(deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"Storage ({Container.AccountName}) has not answered for {Patience.TotalSeconds} s.";
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return $"Storage ({Container.AccountName}) does not answer: {failed.GetBaseException().Message.Split('\n')[0]}";
        }
    }

    /// <summary>Waits until storage answers, and says so while it does not.</summary>
    internal async Task WaitAsync(CancellationToken stop)
    {
        if (await ProbeAsync(stop) is not { } problem)
            return;
        _log.StorageAway(problem);
        do
            await Task.Delay(PauseWhileAway, stop);
        while (await ProbeAsync(stop) is not null);
        _log.StorageBack();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // A host that ends before it has begun would tell of this as a failure.
        }
    }
}
