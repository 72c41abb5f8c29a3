using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>What every process that works on a job sees of the world around it.</summary>
/// <param name="polite">Cancelled when the job should save its work and stop (SIGTERM).</param>
/// <param name="hard">Cancelled when it must stop at once: fenced, or storage is lost.</param>
internal class JobSurroundings(ArtifactStore store, ILogger log, CancellationToken polite, CancellationToken hard)
{
    private volatile JobProgress? _progress;

    /// <summary>With which other processes it works.</summary>
    internal GroupLaunch Launch { get; init; } = new();

    internal ArtifactStore Store => store;

    internal ILogger Log => log;

    internal bool IsStopRequested => polite.IsCancellationRequested;

    internal CancellationToken Polite => polite;

    internal CancellationToken Hard => hard;

    internal JobProgress? Progress => _progress;

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
}
