using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>A job's <c>status.json</c> in the hands of the one attempt that may write it.</summary>
/// <remarks>Every write names the ETag of the last one. A write that fails is made again only if the cell still says that this attempt is running.</remarks>
internal sealed class JobStatusLease : IDisposable
{
    private readonly ArtifactStore _store;
    private readonly string _name;
    private readonly SemaphoreSlim _oneWriter = new(1);
    private Cell<JobStatus> _current;

    private JobStatusLease(ArtifactStore store, string name, Cell<JobStatus> current) => (_store, _name, _current) = (store, name, current);

    internal int Attempt => _current.Value.Attempt;

    internal string? LastCheckpoint => _current.Value.LastCheckpoint;

    internal string? BestCheckpoint => _current.Value.BestCheckpoint?.Name;

    /// <summary>Turns the submitted attempt from pending to running.</summary>
    /// <param name="attempt">
    /// The attempt that this process was started for. A higher one than the cell's takes the job over. Null for whichever is next.
    /// </param>
    /// <exception cref="JobFencedException">The attempt is running elsewhere, superseded or over.</exception>
    internal static async Task<JobStatusLease> ClaimAsync(ArtifactStore store, JobSpec job, int? attempt, CancellationToken stop)
    {
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        while (true)
        {
            var found = await store.FindCellAsync<JobStatus>(name, stop);
            var claimed = Running(found?.Value, AttemptToRun(found?.Value, attempt));
            if (await store.ReplaceJsonAsync(name, claimed, found?.ETag, stop) is { } etag)
                return new JobStatusLease(store, name, new Cell<JobStatus>(claimed, etag));
        }
    }

    internal Task ReportAsync(JobProgress? progress, CancellationToken stop) => WriteAsync(status => status with { Progress = progress }, stop);

    /// <summary>Makes a checkpoint the one that the next attempt goes on from, and the best one if it is.</summary>
    /// <param name="meanLoss">Null when there is none yet.</param>
    internal Task PointAsync(string checkpoint, double? meanLoss, JobProgress? progress, CancellationToken stop) => WriteAsync(
        status => status with
        {
            LastCheckpoint = checkpoint,
            BestCheckpoint = meanLoss is { } loss && !(status.BestCheckpoint?.MeanLoss <= loss)
                ? new ScoredCheckpoint(checkpoint, loss)
                : status.BestCheckpoint,
            Progress = progress,
        },
        stop);

    /// <summary>The last write of this attempt.</summary>
    /// <param name="progress">How far it came; null when it never said.</param>
    internal Task FinishAsync(JobState state, JobFailure? failure, JobProgress? progress, CancellationToken stop) =>
        WriteAsync(status => status with { State = state, Failure = failure, Progress = progress ?? status.Progress }, stop);

    public void Dispose() => _oneWriter.Dispose();

    private static int AttemptToRun(JobStatus? status, int? wanted)
    {
        if (status is null)
            return wanted ?? 1;
        if (status.State is JobState.Done or JobState.Cancelled)
            throw new JobFencedException($"The job is {status.State} since {status.UpdatedAt:u}; nothing is left to do.");
        if (wanted > status.Attempt || (wanted ?? status.Attempt) == status.Attempt && status.State is JobState.Pending)
            return wanted ?? status.Attempt;
        if (wanted is null && status.State is not JobState.Running)
            return status.Attempt + 1;
        throw new JobFencedException(wanted < status.Attempt
            ? $"Attempt {wanted} is superseded by attempt {status.Attempt}."
            : $"Attempt {status.Attempt} is {status.State} since {status.UpdatedAt:u}. "
                + $"If its process is gone, start the next with --attempt {status.Attempt + 1}.");
    }

    private static JobStatus Running(JobStatus? before, int attempt) => new()
    {
        Attempt = attempt,
        State = JobState.Running,
        UpdatedAt = DateTimeOffset.UtcNow,
        Handle = before?.Attempt == attempt ? before.Handle : null,
        Progress = before?.Progress,
        LastCheckpoint = before?.LastCheckpoint,
        BestCheckpoint = before?.BestCheckpoint,
    };

    private async Task WriteAsync(Func<JobStatus, JobStatus> change, CancellationToken stop)
    {
        await _oneWriter.WaitAsync(stop);
        try
        {
            var changed = change(_current.Value) with { UpdatedAt = DateTimeOffset.UtcNow };
            while (await _store.ReplaceJsonAsync(_name, changed, _current.ETag, stop) is not { } etag || !Keep(new Cell<JobStatus>(changed, etag)))
            {
                if (await WrittenAlreadyAsync(changed, stop))
                    return;
                changed = change(_current.Value) with { UpdatedAt = DateTimeOffset.UtcNow };
            }
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    private bool Keep(Cell<JobStatus> written)
    {
        _current = written;
        return true;
    }

    /// <summary>After a write that failed: was it ours that arrived although its answer was lost, or may we write again?</summary>
    /// <exception cref="JobFencedException">The cell is another attempt's, or no longer running.</exception>
    private async Task<bool> WrittenAlreadyAsync(JobStatus changed, CancellationToken stop)
    {
        var found = await _store.FindCellAsync<JobStatus>(_name, stop) ?? throw new JobFencedException($"{_name} is gone; the job was deleted.");
        if (found.Value == changed)
            return Keep(found);
        if (found.Value.Attempt != _current.Value.Attempt || found.Value.State is not JobState.Running)
            throw new JobFencedException(
                $"The job was taken away from attempt {_current.Value.Attempt}: it is now attempt {found.Value.Attempt}, {found.Value.State}.");
        Keep(found);        // the launcher noted its handle
        return false;
    }
}
