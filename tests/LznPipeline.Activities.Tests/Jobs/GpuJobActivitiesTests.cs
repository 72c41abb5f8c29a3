using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Activities.Tests.Jobs;

public sealed class GpuJobActivitiesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Submit_ManyTimesAtOnce_IsOneAttempt()
    {
        var (pipeline, job) = await OpenAsync();
        var submission = new JobSubmission(job, await LookAsync(pipeline, job));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => pipeline.Activity<SubmitGpuJob>().RunAsync(submission, Stop)));
        await pipeline.Activity<SubmitGpuJob>().RunAsync(submission, Stop);

        var status = await StatusAsync(pipeline, job);
        Assert.Equal((1, JobState.Pending), (status.Attempt, status.State));
        Assert.All(pipeline.Launcher.Launched, launch => Assert.Equal(new Activities.Launching.JobLaunch(job, "prepare", 1), launch));
        Assert.Equal(pipeline.Launcher.Launched.Count - 1, pipeline.Launcher.Stopped.Count);
        Assert.NotNull(status.Handle);
        Assert.DoesNotContain(status.Handle, pipeline.Launcher.Stopped);
    }

    [Fact]
    public async Task Submit_JobWasCancelledMeanwhile_IsRefusedAndNothingStarts()
    {
        var (pipeline, job) = await OpenAsync();
        var seen = await LookAsync(pipeline, job);
        await SetAsync(pipeline, job, new JobStatus { Attempt = 0, State = JobState.Cancelled, UpdatedAt = Now });

        await Assert.ThrowsAsync<PermanentFailureException>(() => pipeline.Activity<SubmitGpuJob>().RunAsync(new JobSubmission(job, seen), Stop));

        Assert.Empty(pipeline.Launcher.Launched);
        Assert.Equal(JobState.Cancelled, (await StatusAsync(pipeline, job)).State);
    }

    [Fact]
    public async Task Submit_AfterALostAttempt_OldAttemptCannotWriteAnyMore()
    {
        var (pipeline, job) = await OpenAsync();
        var best = new ScoredCheckpoint("best", 0.5);
        await SetAsync(pipeline, job, new JobStatus
        {
            Attempt = 1,
            State = JobState.Running,
            UpdatedAt = Now,
            Handle = "process-0",
            LastCheckpoint = "checkpoint",
            BestCheckpoint = best
        });
        var old = await CellAsync(pipeline, job);
        pipeline.Launcher.Gone["process-0"] = true;
        var lost = await LookAsync(pipeline, job);

        await pipeline.Activity<SubmitGpuJob>().RunAsync(new JobSubmission(job, lost), Stop);

        Assert.Null(await pipeline.Store.ReplaceJsonAsync(BlobLayout.JobStatus(job.RunId, job.Step), old.Value with { State = JobState.Done }, old.ETag, Stop));
        var status = await StatusAsync(pipeline, job);
        Assert.Equal((2, JobState.Pending, "checkpoint", best), (status.Attempt, status.State, status.LastCheckpoint, status.BestCheckpoint));
    }

    [Fact]
    public async Task Poll_NoRoomAtSubmission_LaunchesWhenThereIs()
    {
        var (pipeline, job) = await OpenAsync();
        pipeline.Launcher.HasRoom = false;
        await pipeline.Activity<SubmitGpuJob>().RunAsync(new JobSubmission(job, await LookAsync(pipeline, job)), Stop);
        Assert.Equal(JobState.Pending, (await LookAsync(pipeline, job)).State);
        Assert.Empty(pipeline.Launcher.Launched);

        pipeline.Launcher.HasRoom = true;
        await LookAsync(pipeline, job);

        Assert.Single(pipeline.Launcher.Launched);
        Assert.Equal("process-1", (await StatusAsync(pipeline, job)).Handle);
    }

    [Fact]
    public async Task Poll_ProcessIsGone_IsLostWithItsLastWords()
    {
        var (pipeline, job) = await OpenAsync();
        await SetAsync(pipeline, job, new JobStatus { Attempt = 3, State = JobState.Running, UpdatedAt = Now, Handle = "process-7" });
        pipeline.Launcher.Gone["process-7"] = true;

        var seen = await LookAsync(pipeline, job);

        Assert.Equal((3, JobState.Lost), (seen.Attempt, seen.State));
        Assert.Contains("out of memory", seen.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Lost, (await StatusAsync(pipeline, job)).State);
    }

    [Theory]
    [InlineData(59, JobState.Running)]
    [InlineData(61, JobState.Lost)]
    public async Task Poll_SilentProcess_IsLostBeyondTheLimitAndAskedToStop(int seconds, JobState expected)
    {
        var (pipeline, job) = await OpenAsync(Now.AddSeconds(seconds));
        await SetAsync(pipeline, job, new JobStatus { Attempt = 1, State = JobState.Running, UpdatedAt = Now, Handle = "process-7" });

        Assert.Equal(expected, (await LookAsync(pipeline, job)).State);

        Assert.Equal(expected is JobState.Lost ? ["process-7"] : [], pipeline.Launcher.Stopped);
    }

    [Fact]
    public async Task Poll_ProcessEndedAfterItsLastWrite_BelievesTheStatusAndNotTheProcess()
    {
        var (pipeline, job) = await OpenAsync();
        await SetAsync(pipeline, job, new JobStatus { Attempt = 1, State = JobState.Done, UpdatedAt = Now, Handle = "process-7" });
        pipeline.Launcher.Gone["process-7"] = true;

        Assert.Equal(JobState.Done, (await LookAsync(pipeline, job)).State);
    }

    private async Task<(Pipeline Pipeline, JobRef Job)> OpenAsync(DateTimeOffset? now = null)
    {
        var pipeline = new Pipeline(await StoreAddress.OpenAsync(azurite.ConnectionString, Stop), azurite.NewPrefix(), clock: new StandingClock(now ?? Now));
        return (pipeline, await pipeline.BookAsync(new PrepareJob(pipeline.Run("run"), "prepare", pipeline.Dataset, pipeline.Request.Dataset)));
    }

    private static Task<JobSighting> LookAsync(Pipeline pipeline, JobRef job) => pipeline.Activity<PollGpuJob>().RunAsync(job, Stop);

    private static async Task SetAsync(Pipeline pipeline, JobRef job, JobStatus status) =>
        Assert.NotNull(await pipeline.Store.ReplaceJsonAsync(BlobLayout.JobStatus(job.RunId, job.Step), status, etag: null, Stop));

    private static async Task<Cell<JobStatus>> CellAsync(Pipeline pipeline, JobRef job) =>
        (await pipeline.Store.FindCellAsync<JobStatus>(BlobLayout.JobStatus(job.RunId, job.Step), Stop))!;

    private static async Task<JobStatus> StatusAsync(Pipeline pipeline, JobRef job) => (await CellAsync(pipeline, job)).Value;

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
