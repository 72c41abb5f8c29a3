using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>What the process that holds a job's attempt can do besides: it alone reports and writes.</summary>
/// <param name="polite">Cancelled when the job should save its work and stop (SIGTERM).</param>
/// <param name="hard">Cancelled when it must stop at once: fenced, or storage is lost.</param>
internal sealed class JobContext(ArtifactStore store, JobSpec job, JobCell cell, ILogger log, CancellationToken polite, CancellationToken hard)
    : JobSurroundings(store, log, polite, hard)
{
    private const string ResultFile = "result.json";

    internal int Attempt => cell.Attempt;

    /// <summary>Where this attempt puts its outputs.</summary>
    internal string Folder { get; } = BlobLayout.Attempt(job.RunId, job.Step, cell.Attempt);

    internal string? LastCheckpoint => cell.LastCheckpoint;

    /// <summary>Writes an output below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        await Store.WriteAsync($"{Folder}/{name}", stream, Hard);
        return new StoredFile(name, content.Length, ContentHash.Sha256(content));
    }

    /// <summary>Writes an output that may be larger than memory below the attempt's folder.</summary>
    internal async Task<StoredFile> WriteAsync(string name, Action<Stream> write)
    {
        await using var file = TemporaryFile.Create();
        write(file);
        file.Position = 0;
        var sha256 = await ContentHash.Sha256Async(file, Hard);
        file.Position = 0;
        await Store.WriteAsync($"{Folder}/{name}", file, Hard);
        return new StoredFile(name, file.Length, sha256);
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
        await Store.WriteAsync(name, file, Hard);
        Report(progress);
        await cell.PointAsync(name, progress, Hard);
    }

    /// <summary>Whether an earlier attempt began metrics.csv.</summary>
    internal async Task<bool> HasMetricsAsync() => await Store.LengthAsync(BlobLayout.JobMetrics(job.RunId, job.Step), Hard) is not null;

    internal Task AppendMetricsAsync(string lines) => Store.AppendAsync(BlobLayout.JobMetrics(job.RunId, job.Step), new BinaryData(lines), Hard);
}
