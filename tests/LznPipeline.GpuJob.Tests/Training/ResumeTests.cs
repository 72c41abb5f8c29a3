using System.Diagnostics;
using System.Text;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private const string NetworkWithDropout =
        """{ "network": "ncsnpp", "form": """
        + """{ "nf": 8, "chMult": [1, 2], "numResBlocks": 1, "attnResolutions": [4], "dropout": 0.3, "embeddingType": "fourier" } }""";

    /// <summary>The second checkpoint waits for the first, and iterations are left after it: so who asks to stop at the first is heard.</summary>
    private static readonly (string, string) Interruptible = ("training.checkpointEvery", "2");

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Train_Twice_GivesBitIdenticalWeights()
    {
        await _place.PublishDatasetAsync();

        Assert.Equal(await TrainAsync("train-a"), await TrainAsync("train-b"));
    }

    [Fact]
    public async Task Train_Done_ReportsAllItsIterations()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe());

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var progress = (await _place.StatusAsync(job)).Progress;
        Assert.Equal((job.Recipe.Training.Iterations, job.Recipe.Training.Iterations), (progress?.Done, progress?.Total));
    }

    [Theory]
    [InlineData(Objective.Generation)]
    [InlineData(Objective.Representation)]
    [InlineData(Objective.Joint)]
    public async Task Train_InterruptedAndResumed_GivesBitIdenticalWeights(Objective objective)
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(objective, Interruptible);
        var whole = await TrainAsync("train-a", recipe);
        var job = Workplace.Train(recipe, "train-b");

        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 1));
        Assert.Equal(JobState.Interrupted, (await _place.StatusAsync(job)).State);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        await AssertWentOnAsync(job);
        Assert.Equal(whole, await WeightsAsync(job, attempt: 2));
    }

    [Theory]
    [InlineData("bfloat16", "1")]
    [InlineData("bfloat16", "2")]
    [InlineData("float32", "3")]
    public async Task Train_InLowerTypeOrInParts_ResumesWithDropoutBitIdentical(string precision, string parts)
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(
            Objective.Generation, Interruptible, ("decoder", NetworkWithDropout),
            ("training.precision", $"\"{precision}\""), ("training.accumulate", parts), ("training.channelsLast", "true"));
        var whole = await TrainAsync("train-a", recipe);
        var job = Workplace.Train(recipe, "train-b");

        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 1));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        await AssertWentOnAsync(job);
        Assert.Equal(whole, await WeightsAsync(job, attempt: 2));
    }

    [Fact]
    public async Task Train_ProcessKilled_ResumesFromItsCheckpointBitIdenticalWithDropoutToo()
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(
            Objective.Generation,
            ("decoder", NetworkWithDropout),
            ("training.iterations", "12"), ("training.checkpointEvery", "4"));
        var (whole, killed) = (Workplace.Train(recipe, "train-a"), Workplace.Train(recipe, "train-b"));
        await RunProcessAsync(whole, attempt: 1);

        using (_place.Obstruct(BlobLayout.Checkpoint(killed.RunId, killed.Step, 8)))      // without it training is never done
        using (var process = await StartProcessAsync(killed, attempt: 1))
        {
            await Eventually.BecomesAsync(() => _place.StatusAsync(killed), status => status.LastCheckpoint is not null);
            process.Kill();
            await process.WaitForExitAsync();
        }

        await RunProcessAsync(killed, attempt: 2);
        var status = await _place.StatusAsync(killed);
        Assert.Equal((2, JobState.Done), (status.Attempt, status.State));
        await AssertWentOnAsync(killed);
        Assert.Equal(await WeightsAsync(whole, attempt: 1), await WeightsAsync(killed, attempt: 2));
    }

    [Fact]
    public async Task Train_ProcessTerminated_SavesACheckpointAndExits143()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "100000000"), ("training.checkpointEvery", "100000000")));
        using var process = await StartProcessAsync(job, attempt: 1);
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress is { Stage: "train", Done: > 0 });

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        var status = await _place.StatusAsync(job);
        Assert.Equal((ExitCode.Interrupted, JobState.Interrupted), (process.ExitCode, status.State));
        Assert.NotNull(await _place.Store.LengthAsync(status.LastCheckpoint!, default));
    }

    [Fact]
    public async Task Train_CheckpointOfARecipeThatIsOnlyWatchedOtherwise_GoesOnBitIdentical()
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(Interruptible);
        var (whole, job) = (Workplace.Train(recipe, "train-a"), Workplace.Train(recipe, "train-b"));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(whole));
        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 1));

        var watched = Workplace.Train(
            Workplace.TinyRecipe(
                ("training.checkpointEvery", "1"), ("training.keepCheckpoints", "1"), ("training.samplesEvery", "1"), ("training.tensorBoard", "false")),
            "train-b");
        Assert.Equal(ExitCode.Done, await _place.RunAsync(watched, attempt: 2));

        await AssertWentOnAsync(watched);
        Assert.Equal(await _place.NumbersAsync(whole), await _place.NumbersAsync(watched, attempt: 2));
    }

    [Fact]
    public async Task Train_CheckpointOfAnotherRecipe_IsNotUsed()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(Interruptible));
        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 1));

        var changed = Workplace.Train(Workplace.TinyRecipe(Interruptible, ("training.emaDecay", "0.5")));

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(changed, attempt: 2));
        Assert.Contains("belongs to another recipe", (await _place.StatusAsync(changed)).Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("a weight's bit")]
    [InlineData("a counter's digit")]
    public async Task Train_LastCheckpointIsDamaged_IsNamedAndAnOlderOneGoneOnFrom(string damage)
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(Interruptible, ("training.keepCheckpoints", "3"), ("training.iterations", "13"));
        var whole = await TrainAsync("train-a", recipe);
        var job = Workplace.Train(recipe, "train-b");
        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 2));
        var names = await _place.NamesAsync(BlobLayout.Checkpoints(job.RunId, job.Step));
        Damage(names[^1], damage);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        var log = Encoding.UTF8.GetString(await _place.BytesAsync(BlobLayout.JobLog(job.RunId, job.Step)));
        Assert.Contains(names[^1], log, StringComparison.Ordinal);
        Assert.Contains($", {names[^2]}", log, StringComparison.Ordinal);
        await AssertWentOnAsync(job);
        Assert.Equal(whole, await WeightsAsync(job, attempt: 2));
    }

    [Fact]
    public async Task Train_EveryCheckpointIsDamaged_BeginsAnew()
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(Interruptible, ("training.iterations", "13"));
        var whole = await TrainAsync("train-a", recipe);
        var job = Workplace.Train(recipe, "train-b");
        Assert.Equal(ExitCode.Interrupted, await InterruptAfterAsync(job, checkpoints: 2));
        foreach (var name in await _place.NamesAsync(BlobLayout.Checkpoints(job.RunId, job.Step)))
            Damage(name, "a weight's bit");

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        Assert.Equal(whole, await WeightsAsync(job, attempt: 2));
    }

    private void Damage(string blob, string damage)
    {
        var path = Path.Combine(_place.Root, "store", blob);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        if (damage is "lost")
            return;
        if (damage is "a weight's bit")
            bytes[^1] ^= 1;
        else if (damage is "a counter's digit")
            bytes[bytes.AsSpan().IndexOf("iteration\\u0022:"u8) + "iteration\\u0022:".Length] ^= 1;
        File.WriteAllBytes(path, damage is "cut" ? bytes[..^10] : damage is "empty" ? [] : bytes);
    }

    /// <summary>A second attempt that begins anew ends with the same bits; that it went on is told by its curves alone.</summary>
    private async Task AssertWentOnAsync(TrainJob job) => Assert.NotEqual("1", (await _place.MetricsAsync(job)).First(row => row[0] == "2")[1]);

    private async Task<string> TrainAsync(string step, Recipe? recipe = null)
    {
        var job = Workplace.Train(recipe ?? Workplace.TinyRecipe(), step);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        return await WeightsAsync(job, attempt: 1);
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

    private async Task<string> WeightsAsync(TrainJob job, int attempt) => (await _place.ResultAsync<TrainJobResult>(job, attempt)).Weights.Sha256;

    /// <summary>The program by itself: its threads, and so its rounding, are its own and not those of the test's process.</summary>
    private async Task RunProcessAsync(TrainJob job, int attempt)
    {
        using var process = await StartProcessAsync(job, attempt);
        await process.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, process.ExitCode);
    }

    private async Task<Process> StartProcessAsync(TrainJob job, int attempt) =>
        Process.Start(await _place.ProgramAsync(job, "--attempt", $"{attempt}"))!;
}
