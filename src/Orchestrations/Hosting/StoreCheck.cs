using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>Makes the container as soon as storage answers.</summary>
/// <remarks>
/// Storage that is away for a while is no reason to end: the app waits and says so. Activities fail meanwhile, and their retry policy tries again.
/// </remarks>
internal sealed class StoreCheck(ArtifactStore store, TimeProvider clock, ILogger<StoreCheck> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waited = false;
        while (!await IsMadeAsync(stoppingToken))
        {
            waited = true;
            await Task.Delay(Pause, clock, stoppingToken);
        }

        if (waited)
            log.StorageIsBack();
    }

    private async Task<bool> IsMadeAsync(CancellationToken stop)
    {
        try
        {
            await store.EnsureAsync(stop);
            return true;
        }
        catch (Exception away) when (!stop.IsCancellationRequested)
        {
            log.StorageIsAway(away.Message);
            return false;
        }
    }
}
