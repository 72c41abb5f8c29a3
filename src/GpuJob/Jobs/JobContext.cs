using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>What a running job sees of the world around it.</summary>
/// <param name="polite">Cancelled when the job should save its work and stop (SIGTERM).</param>
/// <param name="hard">Cancelled when it must stop at once: fenced, or storage is lost.</param>
internal sealed class JobContext(ArtifactStore store, JobSpec job, JobCell cell, ILogger log, CancellationToken polite, CancellationToken hard)
{
    private const string ResultFile = "result.json";

    private volatile JobProgress? _progress;

    internal ArtifactStore Store => store;

    internal ILogger Log => log;

    internal int Attempt => cell.Attempt;

    internal bool IsStopRequested => polite.IsCancellationRequested;

    internal CancellationToken Hard => hard;

    internal JobProgress? Progress => _progress;

    /// <summary>Where this attempt puts its outputs.</summary>
    internal string Folder { get; } = BlobLayout.Attempt(job.RunId, job.Step, cell.Attempt);

    internal string? LastCheckpoint => cell.LastCheckpoint;

    /// <summary>Says how far the job is. Cheap: the heartbeat passes the latest on.</summary>
    internal void Report(JobProgress progress) => _progress = progress;

    /// <summary>Ends jobs that have nothing to save.</summary>
    internal void ThrowIfStopRequested()
    {
        hard.ThrowIfCancellationRequested();
        if (IsStopRequested)
            throw new JobInterruptedException($"Stopped on request at {_progress?.Stage ?? "the start"}; the next attempt begins anew.");
    }

    /// <summary>Begins a stage of work that has nothing to save.</summary>
    /// <returns>To be told how far it is; ends the job there when it shall stop.</returns>
    internal Action<long> Stage(string name, long total) => done =>
    {
        ThrowIfStopRequested();
        Report(new JobProgress(name, done, total));
    };

    /// <summary>Writes an output below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        await store.WriteAsync($"{Folder}/{name}", stream, hard);
        return new StoredFile(name, content.Length, ContentHash.Sha256(content));
    }

    /// <summary>Writes an output that may be larger than memory below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, Action<Stream> write)
    {
        await using var file = TemporaryFile.Create();
        write(file);
        file.Position = 0;
        var sha256 = await ContentHash.Sha256Async(file, hard);
        file.Position = 0;
        await store.WriteAsync($"{Folder}/{name}", file, hard);
        return new StoredFile(name, file.Length, sha256);
    }

    /// <summary>A copy of a blob on this machine, to be read in any order. It goes when it is closed.</summary>
    /// <exception cref="BadInputException">There is no such blob.</exception>
    internal async Task<FileStream> FetchAsync(string name)
    {
        if (await store.LengthAsync(name, hard) is null)
            throw new BadInputException($"There is no '{name}' in the store.");
        var file = TemporaryFile.Create();
        await using var blob = await store.OpenReadAsync(name, hard);
        await blob.CopyToAsync(file, hard);
        file.Position = 0;
        return file;
    }

    /// <summary>Writes <c>result.json</c>, which counts once the status says done.</summary>
    internal Task WriteResultAsync(JobResult result) => WriteAsync(ResultFile, JsonSerializer.SerializeToUtf8Bytes(result, LznJson.Readable));

    /// <summary>Commits a checkpoint: the numbered blob first, then the pointer to it.</summary>
    internal async Task CheckpointAsync(long iteration, Action<Stream> write, JobProgress progress)
    {
        var name = BlobLayout.Checkpoint(job.RunId, job.Step, iteration);
        await using var file = TemporaryFile.Create();
        write(file);
        file.Position = 0;
        await store.WriteAsync(name, file, hard);
        Report(progress);
        await cell.PointAsync(name, progress, hard);
    }

    /// <summary>Whether an earlier attempt began metrics.csv.</summary>
    internal async Task<bool> HasMetricsAsync() => await store.LengthAsync(BlobLayout.JobMetrics(job.RunId, job.Step), hard) is not null;

    internal Task AppendMetricsAsync(string lines) => store.AppendAsync(BlobLayout.JobMetrics(job.RunId, job.Step), new BinaryData(lines), hard);
}
