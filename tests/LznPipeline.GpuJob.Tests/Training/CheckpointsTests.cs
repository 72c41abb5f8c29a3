using System.Globalization;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class CheckpointsTests : IDisposable
{
    private static readonly (string, string)[] Endless = [("training.iterations", "100000000")];

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Train_CheckpointThatTakesLong_GoesOnUntilTheNextIsDue()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe([.. Endless, ("training.checkpointEvery", "20")]));
        var (gate, begun) = (new TaskCompletionSource(), new List<string>());
        using var terminate = new CancellationTokenSource();
        var running = _place.RunAsync(
            job,
            terminate: terminate.Token,
            store: new WatchedStore(_place.Store, _ => { }, name => IsCheckpoint(name) ? Wait(name) : Task.CompletedTask));

        var waiting = await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress?.Done == 40);
        Assert.Equal((null, 1), (waiting.LastCheckpoint, begun.Count));
        gate.SetResult();
        await Eventually.BecomesAsync(() => _place.StatusAsync(job), status => status.Progress?.Done > 60 && status.LastCheckpoint is not null);
        await terminate.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await running);

        Assert.Equal(begun.Order(StringComparer.Ordinal), begun);

        Task Wait(string name)
        {
            begun.Add(name);
            return gate.Task;
        }
    }

    [Fact]
    public async Task Train_StopRequestedWhileACheckpointIsWritten_EndsWithANewerOne()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe([.. Endless, ("training.checkpointEvery", "20")]));
        using var terminate = new CancellationTokenSource();
        var store = new WatchedStore(_place.Store, _ => { }, name => IsCheckpoint(name) ? terminate.CancelAsync() : Task.CompletedTask);

        Assert.Equal(ExitCode.Interrupted, await _place.RunAsync(job, terminate: terminate.Token, store: store));

        var (status, names) = (await _place.StatusAsync(job), await CheckpointsAsync(job));
        Assert.Equal(names[^1], status.LastCheckpoint);
        Assert.Equal(BlobLayout.Checkpoint(job.RunId, job.Step, status.Progress!.Done), status.LastCheckpoint);
        Assert.True(status.Progress.Done > 20);
    }

    [Fact]
    public async Task Train_TakenAwayWhileACheckpointIsWritten_EndsAndLeavesTheStatusAlone()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(Endless));
        var begun = new TaskCompletionSource();
        var running = _place.RunAsync(job, store: new WatchedStore(_place.Store, _ => { }, name =>
        {
            if (!IsCheckpoint(name))
                return Task.CompletedTask;
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite);
        }));
        await begun.Task;

        await _place.SetStatusAsync(job, status => status with { Attempt = 2, State = JobState.Pending });

        Assert.Equal(ExitCode.TryAgain, await running);
        var status = await _place.StatusAsync(job);
        Assert.Equal((2, JobState.Pending, null), (status.Attempt, status.State, status.LastCheckpoint));
        Assert.Empty(await CheckpointsAsync(job));
    }

    [Fact]
    public async Task Train_CheckpointCannotBeWritten_EndsTheJob()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(Endless));

        var exit = await _place.RunAsync(
            job, store: new FailingStore(_place.Store, IsCheckpoint, int.MaxValue), patience: new Patience(TimeSpan.FromSeconds(1)));

        var status = await _place.StatusAsync(job);
        Assert.Equal((ExitCode.TryAgain, JobState.Failed, null), (exit, status.State, status.LastCheckpoint));
        Assert.Contains("the connection was refused", status.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_LastCheckpointCannotBeWritten_IsNotDone()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "7"), ("training.checkpointEvery", "6")));

        var exit = await _place.RunAsync(
            job, store: new FailingStore(_place.Store, IsCheckpoint, int.MaxValue), patience: new Patience(TimeSpan.FromSeconds(1)));

        Assert.Equal((ExitCode.TryAgain, JobState.Failed), (exit, (await _place.StatusAsync(job)).State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Train_ManyCheckpoints_KeepsTheLastAndTheBest(int keep)
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", "60"), ("training.checkpointEvery", "4"), ("training.keepCheckpoints", $"{keep}"),
            ("training.learningRate.encoder", "1e-9"), ("training.learningRate.decoder", "1e-9"), ("training.learningRate.labelAnchors", "1e-9")));

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var (status, best) = (await _place.StatusAsync(job), await BestAsync(job));
        Assert.Equal((NameOf(job, best), NameOf(job, 56)), (status.BestCheckpoint!.Name, status.LastCheckpoint));
        Assert.InRange(best, 4, 56 - 4 * 3);        // or this shows nothing: nothing is learned here, so that the loss only wavers
        Assert.Equal(
            Enumerable.Range(0, keep).Select(back => 56L - 4 * back).Append(best).Order().Select(iteration => NameOf(job, iteration)),
            await CheckpointsAsync(job));
    }

    [Fact]
    public async Task Train_AttemptThatWasKilledBeforeItTidied_IsTidiedByTheNext()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "7"), ("training.checkpointEvery", "6"), ("training.keepCheckpoints", "1")));
        foreach (var iteration in (long[])[2, 4, 900])
            await _place.Store.CreateAsync(NameOf(job, iteration), new MemoryStream(), default);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        Assert.Equal([NameOf(job, 6), NameOf(job, 900)], await CheckpointsAsync(job));      // the one from ahead may be of an attempt that took over
    }

    [Fact]
    public async Task Train_KilledAnywhere_CheckpointNeverCountsBeforeItsCurves()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(("training.iterations", "40")));
        var rows = new List<int>();
        var store = new WatchedStore(_place.Store, name =>
        {
            if (IsCheckpoint(name))
                rows.Add(_place.MetricsAsync(job).GetAwaiter().GetResult().Length
                    - int.Parse(Path.GetFileNameWithoutExtension(name), CultureInfo.InvariantCulture));
        });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, store: store));

        Assert.Equal(13, rows.Count);
        Assert.All(rows, missing => Assert.InRange(missing, 0, int.MaxValue));
    }

    [Fact]
    public void Snapshot_TrainingGoesOn_StaysAsItWas()
    {
        var recipe = Workplace.TinyRecipe();
        using var single = new SingleDevice();
        using var batches = new DrawnBatches(recipe, single);
        using var run = new TrainingRun(recipe, batches, DrawnBatches.Classes, seed: 1, single);
        run.Step();
        using var snapshot = run.Snapshot();
        var before = Bytes(snapshot);

        run.Step();

        Assert.Equal(before, Bytes(snapshot));
        using var later = run.Snapshot();
        Assert.NotEqual(before, Bytes(later));
    }

    [Fact]
    public void TemporaryFile_Open_HasNoNameThatAKilledProcessCouldLeave()
    {
        using var file = TemporaryFile.Create();

        file.Write([1, 2, 3]);
        file.Position = 0;

        Assert.False(File.Exists(file.Name));
        Assert.Equal(1, file.ReadByte());
    }

    private static bool IsCheckpoint(string name) => name.Contains("/checkpoints/", StringComparison.Ordinal);

    private static string NameOf(TrainJob job, long iteration) => BlobLayout.Checkpoint(job.RunId, job.Step, iteration);

    private Task<string[]> CheckpointsAsync(TrainJob job) => _place.NamesAsync(BlobLayout.Checkpoints(job.RunId, job.Step));

    /// <summary>The checkpoint with the smallest mean of the losses in metrics.csv, where the newest counts one fiftieth.</summary>
    private async Task<long> BestAsync(TrainJob job)
    {
        var losses = (await _place.MetricsAsync(job)).Select(row => double.Parse(row[2], CultureInfo.InvariantCulture)).ToList();
        var means = new List<double> { losses[0] };
        foreach (var loss in losses.Skip(1))
            means.Add(means[^1] + 0.02 * (loss - means[^1]));
        var every = job.Recipe.Training.CheckpointEvery;
        return Enumerable.Range(1, (job.Recipe.Training.Iterations - 1) / every).Select(number => number * every).MinBy(iteration => means[iteration - 1]);
    }

    private static byte[] Bytes(TrainingSnapshot snapshot)
    {
        using var stream = new MemoryStream();
        snapshot.Write(stream);
        return stream.ToArray();
    }
}
