using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>The life of a job: claimed, run under a heartbeat, its result written, its end recorded. Every end has an exit code.</summary>
/// <param name="work">What the job does.</param>
internal sealed class JobRunner(ArtifactStore store, JobSpec job, GroupLaunch launch, TextWriter console, Func<JobSpec, JobContext, Task<JobResult>> work)
{
    private const int MaxMessage = 2000;

    /// <summary>How often changed progress is written, and thereby the longest that a fenced process goes on.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>How often an unchanged status is written, to say that the process lives. Half of what the contract allows.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <param name="attempt">See <see cref="JobStatusLease.ClaimAsync"/>.</param>
    /// <param name="graceful">Cancelled by SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal async Task<int> RunAsync(int? attempt, CancellationToken graceful)
    {
        using var lease = await ClaimAsync(attempt, graceful);
        return lease is null
            ? ExitCode.Done
            : await RunClaimedAsync(lease, new JobLog(store, BlobLayout.JobLog(job.RunId, job.Step), lease.Attempt, console), graceful);
    }

    private async Task<JobStatusLease?> ClaimAsync(int? attempt, CancellationToken graceful)
    {
        try
        {
            return await JobStatusLease.ClaimAsync(store, job, attempt, graceful);
        }
        catch (JobFencedException notOurs)
        {
            await console.WriteLineAsync(notOurs.Message);
            return null;
        }
    }

    private async Task<int> RunClaimedAsync(JobStatusLease lease, JobLog log, CancellationToken graceful)
    {
        using var abort = new CancellationTokenSource();
        var context = new JobContext(store, job, lease, log, graceful, abort.Token) { Launch = launch };
        log.Started(job.Verb, job.RunId, job.Step, lease.Attempt);
        await using var asked = graceful.Register(log.StopRequested);
        using var ended = new CancellationTokenSource();
#pragma warning disable CA2025 // the heartbeat is awaited below before anything that it uses is disposed
        var heartbeat = HeartbeatAsync(lease, context, log, abort, ended.Token);
#pragma warning restore CA2025
        Exception? failed = null;
        try
        {
            // A thread of its own: the work computes for minutes without a pause, and the heartbeat must go on.
            await context.WriteResultAsync(await Task.Run(() => work(job, context), CancellationToken.None));
        }
        catch (Exception anything)
        {
            failed = anything;
        }

        if (GarbageCollections.Counts is { AtRest: > 0 } garbage)
            log.GarbageCollected(garbage.AtRest, garbage.Between);
        await ended.CancelAsync();
        var stopped = await heartbeat;
        var end = JobEnd.Of(stopped ?? failed);
        return await FinishAsync(lease, log, end, context.Progress);
    }

    /// <summary>Reports progress until the work has ended.</summary>
    /// <returns>Why the work had to be stopped, or null.</returns>
    private static async Task<Exception?> HeartbeatAsync(
        JobStatusLease lease, JobContext context, JobLog log, CancellationTokenSource abort, CancellationToken ended)
    {
        try
        {
            JobProgress? reported = null;
            var last = TimeProvider.System.GetTimestamp();
            using var timer = new PeriodicTimer(Heartbeat);
            while (await TickAsync(timer, ended))
            {
                await log.FlushAsync(abort.Token);
                var progress = context.Progress;
                if (progress == reported && TimeProvider.System.GetElapsedTime(last) < LongestSilence)
                    continue;
                await lease.ReportAsync(progress, abort.Token);
                (reported, last) = (progress, TimeProvider.System.GetTimestamp());
            }

            return null;
        }
        catch (Exception lost)
        {
            await abort.CancelAsync();
            return lost;
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<int> FinishAsync(JobStatusLease lease, JobLog log, JobEnd end, JobProgress? progress)
    {
        log.Ended(end);
        try
        {
            if (end.State is { } state)
                await lease.FinishAsync(state, end.Failure(MaxMessage), progress, CancellationToken.None);
            await log.FlushAsync(CancellationToken.None);
            return end.ExitCode;
        }
        catch (JobFencedException taken)
        {
            log.Fenced(taken.Message);
            return ExitCode.TryAgain;
        }
        catch (IOException gone)
        {
            log.StoreLost(gone.Message);
            return ExitCode.TryAgain;
        }
    }
}
