using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Jobs;

public sealed class JobRunnerTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Run_SupersededAttempt_DoesNothing()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));
        await SubmitAsync(job, attempt: 2, JobState.Pending);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 1));

        Assert.Equal((2, JobState.Pending), await StateAsync(job));
    }

    [Fact]
    public async Task Run_AttemptThatAnotherProcessRuns_DoesNothing()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));
        await SubmitAsync(job, attempt: 1, JobState.Running);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 1));

        Assert.Equal((1, JobState.Running), await StateAsync(job));
    }

    [Fact]
    public async Task Run_TwoProcessesForOneAttempt_OneRunsIt()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));
        await SubmitAsync(job, attempt: 1, JobState.Pending);

        await Task.WhenAll(_place.RunAsync(job, attempt: 1), _place.RunAsync(job, attempt: 1));

        Assert.Equal((1, JobState.Done), await StateAsync(job));
        var log = await File.ReadAllTextAsync(Path.Combine(_place.Root, "store", BlobLayout.JobLog(Workplace.RunId, job.Step)));
        Assert.Equal(2, log.Split("\"event\":\"Started\"").Length);
    }

    [Fact]
    public async Task Run_TakenAwayWhileItWorks_StopsAndPublishesNothing()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "100000000"), ("training.checkpointEvery", "100000000")));
        var running = _place.RunAsync(job);
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress?.Done > 0);

        await _place.SetStatusAsync(job, status => status with { Attempt = 2, State = JobState.Pending });

        Assert.Equal(ExitCode.TryAgain, await running);
        Assert.Equal((2, JobState.Pending), await StateAsync(job));
        Assert.Null(await _place.Store.LengthAsync(BlobLayout.JobResult(Workplace.RunId, job.Step, 1), default));
    }

    [Fact]
    public async Task Run_LauncherNotesItsHandle_GoesOnAndKeepsIt()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "100000000"), ("training.checkpointEvery", "100000000")));
        using var terminate = new CancellationTokenSource();
        var running = _place.RunAsync(job, terminate: terminate.Token);
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.State is JobState.Running);

        await _place.SetStatusAsync(job, status => status with { Handle = "process 17" });
        var before = (await _place.StatusAsync(job)).Progress?.Done ?? 0;
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress?.Done > before && status.Handle == "process 17");
        await terminate.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, await running);
        Assert.Equal("process 17", (await _place.StatusAsync(job)).Handle);
    }

    [Fact]
    public async Task Run_StorageAwayForGood_SaysTryAgain()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));
        var store = new FailingStore(_place.Store, name => name.Contains("/attempts/", StringComparison.Ordinal), failures: int.MaxValue);

        Assert.Equal(ExitCode.TryAgain, await _place.RunAsync(job, store: store, patience: new Patience(TimeSpan.FromSeconds(1))));

        var failure = (await _place.StatusAsync(job)).Failure!;
        Assert.Equal(ExitCode.TryAgain, failure.ExitCode);
        Assert.True(failure.CanRetry);
    }

    [Fact]
    public async Task Run_StorageStumbles_GoesOn()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, store: new FailingStore(_place.Store, _ => true, failures: 3)));
    }

    [Fact]
    public async Task Run_UnknownDataset_IsTheJobsFault()
    {
        var job = Workplace.Train(Workplace.TinyRecipe());

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains("stripes", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    private async Task SubmitAsync(JobSpec job, int attempt, JobState state) => Assert.NotNull(await _place.Store.ReplaceJsonAsync(
        BlobLayout.JobStatus(Workplace.RunId, job.Step),
        new JobStatus { Attempt = attempt, State = state, UpdatedAt = DateTimeOffset.UtcNow },
        etag: null,
        default));

    private async Task<(int Attempt, JobState State)> StateAsync(JobSpec job)
    {
        var status = await _place.StatusAsync(job);
        return (status.Attempt, status.State);
    }
}
