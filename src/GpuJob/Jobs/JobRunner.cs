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
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>How often an unchanged status is written, to say that the process lives. Half of what the contract allows.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    /// <param name="attempt">See <see cref="JobCell.ClaimAsync"/>.</param>
    /// <param name="polite">Cancelled by SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal async Task<int> RunAsync(int? attempt, CancellationToken polite)
    {
        using var cell = await ClaimAsync(attempt, polite);
        return cell is null
            ? ExitCode.Done
            : await RunClaimedAsync(cell, new JobLog(store, BlobLayout.JobLog(job.RunId, job.Step), cell.Attempt, console), polite);
    }

    private async Task<JobCell?> ClaimAsync(int? attempt, CancellationToken polite)
    {
        try
        {
            return await JobCell.ClaimAsync(store, job, attempt, polite);
        }
        catch (JobFencedException notOurs)
        {
            await console.WriteLineAsync(notOurs.Message);
            return null;
        }
    }

    private async Task<int> RunClaimedAsync(JobCell cell, JobLog log, CancellationToken polite)
    {
        using var hard = new CancellationTokenSource();
        var context = new JobContext(store, job, cell, log, polite, hard.Token) { Launch = launch };
        log.Started(job.Verb, job.RunId, job.Step, cell.Attempt);
        await using var asked = polite.Register(log.StopRequested);
        using var ended = new CancellationTokenSource();
#pragma warning disable CA2025 // the heart is awaited below before anything that it uses is disposed
        var heart = BeatAsync(cell, context, log, hard, ended.Token);
#pragma warning restore CA2025
        Exception? failed = null;
        try
        {
            // A thread of its own: the work computes for minutes without a pause, and the heart must go on beating.
            await context.WriteResultAsync(await Task.Run(() => work(job, context), CancellationToken.None));
        }
        catch (Exception anything)
        {
            failed = anything;
        }

        if (GarbageCollections.Counts is { AtRest: > 0 } garbage)
            log.GarbageCollected(garbage.AtRest, garbage.Between);
        await ended.CancelAsync();
        var stopped = await heart;
        var end = JobEnd.Of(stopped ?? failed);
        return await FinishAsync(cell, log, end, context.Progress);
    }

    /// <summary>Reports progress until the work has ended.</summary>
    /// <returns>Why the work had to be stopped, or null.</returns>
    private static async Task<Exception?> BeatAsync(JobCell cell, JobContext context, JobLog log, CancellationTokenSource hard, CancellationToken ended)
    {
        try
        {
            JobProgress? reported = null;
            var last = TimeProvider.System.GetTimestamp();
            using var timer = new PeriodicTimer(Beat);
            while (await TickAsync(timer, ended))
            {
                await log.FlushAsync(hard.Token);
                var progress = context.Progress;
                if (progress == reported && TimeProvider.System.GetElapsedTime(last) < LongestSilence)
                    continue;
                await cell.ReportAsync(progress, hard.Token);
                (reported, last) = (progress, TimeProvider.System.GetTimestamp());
            }

            return null;
        }
        catch (Exception lost)
        {
            await hard.CancelAsync();
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

    private static async Task<int> FinishAsync(JobCell cell, JobLog log, JobEnd end, JobProgress? progress)
    {
        log.Ended(end);
        try
        {
            if (end.State is { } state)
                await cell.FinishAsync(state, end.Failure(MaxMessage), progress, CancellationToken.None);
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
