using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using LznPipeline.LocalHost.Settings;
using LznPipeline.LocalHost.Storage;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Timers;

/// <summary>When each timer ran last, in blobs, so that one that was missed while no host ran is caught up, once.</summary>
/// <remarks>The package's own monitor needs the storage library of years ago. Names and content of the blobs are the same.</remarks>
internal sealed class TimerStatus(StorageWatch storage, TimerLocks locks, HostSettings settings, ILogger<TimerStatus> log) : ScheduleMonitor
{
    public override async Task<ScheduleStatus?> GetStatusAsync(string timerName)
    {
        try
        {
            return (await Blob(timerName).DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            return null;
        }
        catch (JsonException damaged)
        {
            log.TimerStatusDamaged(timerName, damaged.Message);
            return null;
        }
    }

    /// <summary>A run that is not written down is at worst done twice, which functions bear; so this does not fail.</summary>
    public override async Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        if (!locks.IsHeldFor(timerName.Split('.')[^1]))
            return;
        try
        {
            await storage.Container.CreateIfNotExistsAsync();
            await Blob(timerName).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true);
        }
        catch (RequestFailedException away)
        {
            log.TimerStatusNotWritten(timerName, away.Message);
        }
    }

    private BlobClient Blob(string timerName) => storage.Container.GetBlobClient($"timers/{settings.HostId}/{timerName}/status");
}
