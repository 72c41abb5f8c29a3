using System.Text.Json;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>What the process that holds a job's attempt can do besides: it alone reports and writes.</summary>
/// <param name="graceful">Cancelled when the job should save its work and stop (SIGTERM).</param>
/// <param name="abort">Cancelled when it must stop at once: fenced, or storage is lost.</param>
internal sealed class JobContext(ArtifactStore store, JobSpec job, JobStatusLease lease, ILogger log, CancellationToken graceful, CancellationToken abort)
    : JobSurroundings(store, log, graceful, abort)
{
    internal int Attempt => lease.Attempt;

    /// <summary>Where this attempt puts its outputs.</summary>
    internal string Folder { get; } = BlobLayout.Attempt(job.RunId, job.Step, lease.Attempt);

    /// <summary>Writes an output below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        await Store.WriteAsync(BlobLayout.In(Folder, name), stream, Abort);
        return new StoredFile(name, content.Length, ContentHash.Sha256(content));
    }

    /// <summary>Writes an output that may be larger than memory below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, Action<Stream> write)
    {
        await using var file = TemporaryFile.Create();
        write(file);
        file.Position = 0;
        var sha256 = await ContentHash.Sha256Async(file, Abort);
        file.Position = 0;
        await Store.WriteAsync(BlobLayout.In(Folder, name), file, Abort);
        return new StoredFile(name, file.Length, sha256);
    }

    /// <summary>Writes <c>result.json</c>, which counts once the status says done.</summary>
    internal Task WriteResultAsync(JobResult result) => WriteAsync(BlobLayout.ResultFile, JsonSerializer.SerializeToUtf8Bytes(result, LznJson.Readable));

    /// <summary>
    /// Commits a checkpoint: the numbered blob first, then the pointer to it. Only then those go that are neither the best nor among the newest.
    /// </summary>
    /// <param name="meanLoss">The smallest is the best; null when there is none yet.</param>
    /// <param name="keep">How many of the newest stay.</param>
    internal async Task CheckpointAsync(long iteration, double? meanLoss, int keep, Action<Stream> write)
    {
        var name = BlobLayout.Checkpoint(job.RunId, job.Step, iteration);
        await using (var file = TemporaryFile.Create())
        {
            write(file);
            file.Position = 0;
            await Store.WriteAsync(name, file, Abort);
        }

        await lease.PointAsync(name, meanLoss, Progress, Abort);
        await TidyCheckpointsAsync(name, keep);
    }

    /// <summary>Whether an earlier attempt began metrics.csv. One that was killed in between has made the blob and written nothing.</summary>
    internal async Task<bool> HasMetricsAsync() => await Store.LengthAsync(BlobLayout.JobMetrics(job.RunId, job.Step), Abort) is > 0;

    internal Task AppendMetricsAsync(string lines) => Store.AppendAsync(BlobLayout.JobMetrics(job.RunId, job.Step), new BinaryData(lines), Abort);

    /// <summary>Adds to what this attempt tells TensorBoard.</summary>
    internal Task AppendEventsAsync(byte[] records) => Store.AppendAsync(BlobLayout.JobEvents(job.RunId, job.Step, Attempt), new BinaryData(records), Abort);

    /// <summary>Whether some attempt drew the picture of an iteration.</summary>
    internal async Task<bool> HasSamplesAsync(long iteration) =>
        await Store.LengthAsync(BlobLayout.JobSamples(job.RunId, job.Step, iteration), Abort) is not null;

    internal async Task WriteSamplesAsync(long iteration, byte[] png)
    {
        using var stream = new MemoryStream(png, writable: false);
        await Store.WriteAsync(BlobLayout.JobSamples(job.RunId, job.Step, iteration), stream, Abort);
    }

    /// <summary>Checkpoints from which training can go on: the last, whether or not it is there, then older ones.</summary>
    internal async Task<IReadOnlyList<string>> CheckpointsAsync() =>
        lease.LastCheckpoint is { } last ? [.. (await CheckpointsUpToAsync(last)).Append(last).Distinct().OrderDescending(StringComparer.Ordinal)] : [];

    /// <summary>What is newer than the last is nobody's yet; if this attempt was superseded meanwhile, it is another's.</summary>
    private async Task<List<string>> CheckpointsUpToAsync(string last)
    {
        var known = new List<string>();
        await foreach (var name in Store.ListAsync(BlobLayout.Checkpoints(job.RunId, job.Step), Abort))
        {
            if (string.CompareOrdinal(name, last) <= 0)
                known.Add(name);
        }

        return known;
    }

    /// <summary>Also what earlier attempts left, killed before they came to it.</summary>
    private async Task TidyCheckpointsAsync(string last, int keep)
    {
        foreach (var old in (await CheckpointsUpToAsync(last)).SkipLast(keep).Where(name => name != lease.BestCheckpoint))
            await Store.DeleteAsync(old, Abort);
    }
}

/// <summary>What every process that works on a job sees of the world around it.</summary>
/// <param name="graceful">Cancelled when the job should save its work and stop (SIGTERM).</param>
/// <param name="abort">Cancelled when it must stop at once: fenced, or storage is lost.</param>
internal class JobSurroundings(ArtifactStore store, ILogger log, CancellationToken graceful, CancellationToken abort)
{
    private volatile JobProgress? _progress;

    /// <summary>With which other processes it works.</summary>
    internal GroupLaunch Launch { get; init; } = new();

    internal ArtifactStore Store => store;

    internal ILogger Log => log;

    internal bool IsStopRequested => graceful.IsCancellationRequested;

    internal CancellationToken Graceful => graceful;

    internal CancellationToken Abort => abort;

    internal JobProgress? Progress => _progress;

    /// <summary>Says how far the job is. Cheap: the heartbeat passes the latest on.</summary>
    internal void Report(JobProgress progress) => _progress = progress;

    /// <summary>Ends jobs that have nothing to save.</summary>
    internal void ThrowIfStopRequested()
    {
        abort.ThrowIfCancellationRequested();
        if (IsStopRequested)
            throw new JobInterruptedException($"Stopped on request at {_progress?.Stage ?? "the start"}; the next attempt begins anew.");
    }

    /// <summary>Begins a stage of work that has nothing to save.</summary>
    /// <returns>To be told how far it is; ends the job there when it shall stop.</returns>
    internal Action<long> Stage(string name, long total) => done =>
    {
        ThrowIfStopRequested();
        Report(new JobProgress(name, done, total));
        GarbageCollections.AtRest();
    };

    /// <summary>A blob, to be read in any order.</summary>
    /// <exception cref="BadInputException">There is no such blob.</exception>
    internal async Task<FileStream> FetchAsync(string name)
    {
        try
        {
            return await TemporaryFile.HoldingAsync(await store.OpenReadAsync(name, abort), abort);
        }
        catch (FileNotFoundException missing)
        {
            throw new BadInputException($"There is no '{name}' in the store.", missing);
        }
    }
}
