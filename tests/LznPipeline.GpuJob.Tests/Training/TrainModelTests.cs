using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class TrainModelTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>An append makes the blob first, and may be killed then.</summary>
    [Fact]
    public async Task Train_MetricsWereMadeAndNotWritten_BeginWithTheirHeader()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "2")));
        await _place.Store.AppendAsync(BlobLayout.JobMetrics(job.RunId, job.Step), BinaryData.Empty, default);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        Assert.Equal(["1", "2"], (await _place.MetricsAsync(job)).Select(row => row[1]));
    }

    [Fact]
    public async Task Train_GenerationOfOneClass_IsDone()
    {
        await _place.PublishDatasetAsync(classes: 1);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(Workplace.Train(Workplace.TinyRecipe(Objective.Generation))));
    }

    [Fact]
    public async Task Train_JointCaseOfOneClass_IsRefusedWithItsName()
    {
        await _place.PublishDatasetAsync(classes: 1);
        var job = Workplace.Train(Workplace.TinyRecipe(Objective.Joint));

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains("one class only, 'across'", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_JobWrittenByHandWithWrongFields_IsRefusedWithAllOfThem()
    {
        await _place.PublishDatasetAsync();
        var recipe = Workplace.TinyRecipe(Objective.Representation);
        var job = Workplace.Train(recipe with { Training = recipe.Training with { KeepCheckpoints = 0, SamplesEvery = 10 } });

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        var message = (await _place.StatusAsync(job)).Failure!.Message;
        Assert.Contains("training.keepCheckpoints is 0", message, StringComparison.Ordinal);
        Assert.Contains("training.samplesEvery is 10", message, StringComparison.Ordinal);
        Assert.Empty(await _place.NamesAsync(BlobLayout.Checkpoints(job.RunId, job.Step)));
    }

    [Theory]
    [InlineData(Objective.Generation, "attempt,iteration,loss,flow_loss,gradient_norm,images_per_second")]
    [InlineData(Objective.Representation, "attempt,iteration,loss,probability,cross_entropy,assignment_accuracy,ode_error,gradient_norm,images_per_second")]
    [InlineData(Objective.Joint, "attempt,iteration,loss,flow_loss,label_loss,label_probability,label_cross_entropy,gradient_norm,images_per_second")]
    public async Task Train_EveryObjective_WritesAllItsQuantitiesForEachIteration(Objective objective, string header)
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(objective));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var lines = (await File.ReadAllLinesAsync(Path.Combine(_place.Root, "store", "runs", Workplace.RunId, job.Step, "metrics.csv"))).ToList();
        Assert.Equal(header, lines[0]);
        Assert.Equal(job.Recipe.Training.Iterations, lines.Count - 1);
        Assert.All(lines.Skip(1), line => Assert.All(line.Split(','), cell => Assert.True(double.IsFinite(double.Parse(cell)))));
    }

    [Fact]
    public async Task Train_TimeBudgetSpent_EndsEarlyLikeAFinishedTraining()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", "1000000"), ("training.checkpointEvery", "1000000"), ("training.timeBudget", "\"00:00:00.2\"")));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var (result, status) = (await _place.ResultAsync<TrainJobResult>(job), await _place.StatusAsync(job));
        Assert.True(result.OutOfTime);
        Assert.InRange(result.Iterations, 1, 999_999);
        Assert.Equal(BlobLayout.Checkpoint(job.RunId, job.Step, result.Iterations), status.LastCheckpoint);
        Assert.Equal((result.Iterations, 1_000_000), (status.Progress!.Done, status.Progress.Total));
    }

    [Fact]
    public async Task Train_ResumedWithItsTimeSpent_EndsWithoutAnotherIteration()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", "1000000"), ("training.checkpointEvery", "1000000"), ("training.timeBudget", "\"00:00:00.2\"")));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        await _place.SetStatusAsync(job, status => status with { State = JobState.Lost });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        Assert.Equal((await _place.ResultAsync<TrainJobResult>(job)).Iterations, (await _place.ResultAsync<TrainJobResult>(job, attempt: 2)).Iterations);
    }

    [Fact]
    public async Task Train_Float16OnTheProcessor_IsComputedOrRefusedUpFront()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.precision", "\"float16\"")));

        var exit = await _place.RunAsync(job);

        if (exit == ExitCode.Done)          // a libtorch that has the operators
        {
            var losses = (await _place.MetricsAsync(job)).Select(row => double.Parse(row[2])).ToList();
            Assert.Equal(job.Recipe.Training.Iterations, losses.Count);
            Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
            return;
        }

        Assert.Equal(ExitCode.JobIsWrong, exit);
        Assert.Contains("training.precision is 'float16'", (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }
}
