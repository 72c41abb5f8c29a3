using System.Diagnostics;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Train_Twice_GivesBitIdenticalWeights()
    {
        await _place.PublishDatasetAsync();

        Assert.Equal(await TrainAsync("train-a"), await TrainAsync("train-b"));
    }

    [Fact]
    public async Task Train_InterruptedAndResumed_GivesBitIdenticalWeights()
    {
        await _place.PublishDatasetAsync();
        var whole = await TrainAsync("train-a");
        var job = Workplace.Train(Workplace.TinyRecipe(), "train-b");

        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 1));
        Assert.Equal(JobState.Interrupted, (await _place.StatusAsync(job)).State);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        Assert.Equal(whole, (await _place.ResultAsync<TrainJobResult>(job, attempt: 2)).Weights.Sha256);
    }

    [Fact]
    public async Task Train_ProcessKilled_ResumesFromItsCheckpointBitIdentical()
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(("training.iterations", "60"), ("training.checkpointEvery", "20"));
        var whole = await TrainAsync("train-a", recipe);
        var job = Workplace.Train(recipe, "train-b");
        await _place.Store.CreateJsonAsync<JobSpec>(BlobLayout.Job(job.RunId, job.Step), job, default);

        using (var process = StartProcess(job))
        {
            await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.LastCheckpoint is not null, TimeSpan.FromMinutes(2));
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));
        var status = await _place.StatusAsync(job);
        Assert.Equal((2, JobState.Done), (status.Attempt, status.State));
        Assert.Equal(whole, (await _place.ResultAsync<TrainJobResult>(job, attempt: 2)).Weights.Sha256);
    }

    [Fact]
    public async Task Train_ProcessTerminated_SavesACheckpointAndExits143()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "100000000"), ("training.checkpointEvery", "100000000")));
        await _place.Store.CreateJsonAsync<JobSpec>(BlobLayout.Job(job.RunId, job.Step), job, default);
        using var process = StartProcess(job);
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress?.Done > 0, TimeSpan.FromMinutes(2));

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        var status = await _place.StatusAsync(job);
        Assert.Equal((ExitCode.Interrupted, JobState.Interrupted), (process.ExitCode, status.State));
        Assert.NotNull(await _place.Store.LengthAsync(status.LastCheckpoint!, default));
    }

    [Fact]
    public async Task Train_CheckpointOfAnotherRecipe_IsNotUsed()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe());
        await InterruptAfterAsync(job, checkpoints: 1);

        var changed = Workplace.Train(Workplace.TinyRecipe(("training.emaDecay", "0.5")));

        Assert.NotEqual(ExitCode.Done, await _place.RunAsync(changed, attempt: 2));
    }

    private async Task<string> TrainAsync(string step, Shared.Recipes.Recipe? recipe = null)
    {
        var job = Workplace.Train(recipe ?? Workplace.TinyRecipe(), step);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        return (await _place.ResultAsync<TrainJobResult>(job)).Weights.Sha256;
    }

    /// <summary>Asks the job to stop as soon as it has committed so many checkpoints.</summary>
    private async Task<int> InterruptAfterAsync(TrainJob job, int checkpoints)
    {
        using var terminate = new CancellationTokenSource();
        var store = new WatchedStore(_place.Store, name =>
        {
            if (name.Contains("/checkpoints/", StringComparison.Ordinal) && --checkpoints == 0)
                terminate.Cancel();
        });
        return await _place.RunAsync(job, terminate: terminate.Token, store: store);
    }

    private Process StartProcess(TrainJob job)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "lzn-gpu.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, job.Verb, "--job", BlobLayout.Job(job.RunId, job.Step), "--store", _place.StoreAddress]) { UseShellExecute = false, RedirectStandardOutput = true })!;
    }
}
