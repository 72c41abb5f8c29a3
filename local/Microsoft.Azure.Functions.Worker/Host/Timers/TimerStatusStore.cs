using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Lzn.Functions.Configuration;
using Lzn.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Lzn.Functions.Timers;

/// <summary>Statuses of monitored schedules: <c>azure-webjobs-hosts/timers/{hostId}/{function}/status</c>, the JSON of <see cref="ScheduleStatus"/>.</summary>
internal sealed class TimerStatusStore(StorageNeeds storage, HostSettings settings)
{
    public const string ContainerName = "azure-webjobs-hosts";

    public BlobContainerClient Container => storage[settings.StorageConnectionName].Blobs.GetBlobContainerClient(ContainerName);

    /// <summary>Null when the schedule never ran, or when what is stored cannot be read: a fresh status takes its place.</summary>
    public async Task<ScheduleStatus?> ReadAsync(string function, CancellationToken stop)
    {
        try
        {
            var content = await Blob(function).DownloadContentAsync(stop).ConfigureAwait(false);
            return content.Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public Task WriteAsync(string function, ScheduleStatus status, CancellationToken stop) =>
        Blob(function).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, stop);

    private BlobClient Blob(string function) => Container.GetBlobClient($"timers/{settings.HostId}/{function}/status");
}
