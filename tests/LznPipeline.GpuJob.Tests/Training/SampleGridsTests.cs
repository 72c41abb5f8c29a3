using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Optimization;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using TorchSharp;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class SampleGridsTests : IDisposable
{
    private const string NetworkWithDropout =
        """{ "network": "ncsnpp", "form": """
        + """{ "nf": 8, "chMult": [1, 2], "numResBlocks": 1, "attnResolutions": [4], "dropout": 0.3, "embeddingType": "fourier" } }""";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(Objective.Joint, """{ "network": "small", "channels": [8, 16], "blocks": 1, "conditionDimension": 8 }""")]
    [InlineData(Objective.Generation, NetworkWithDropout)]
    public async Task Train_WithPictures_LearnsTheSameBitsAsWithout(Objective objective, string decoder)
    {
        await _place.PublishDatasetAsync();

        var without = await TrainAsync("train-a", objective, ("decoder", decoder), ("training.samplesEvery", "0"));
        var with = await TrainAsync("train-b", objective, ("decoder", decoder), ("training.samplesEvery", "2"));

        Assert.Equal(await _place.NumbersAsync(without), await _place.NumbersAsync(with));
        Assert.Empty(await PicturesAsync(without));
        Assert.Equal(new long[] { 0, 2, 4, 6 }.Select(iteration => BlobLayout.JobSamples(with.RunId, with.Step, iteration)), await PicturesAsync(with));
    }

    [Theory]
    [InlineData(Objective.Joint, 2, 2)]
    [InlineData(Objective.Generation, 2, 2)]
    [InlineData(Objective.Joint, 9, 4)]
    public async Task Train_Pictures_AreSmallGridsWithARowForEachClass(Objective objective, int columns, int shown)
    {
        await _place.PublishDatasetAsync(classes: 3);

        var job = await TrainAsync("train", objective, ("training.samplesEvery", "7"), ("sampling.columns", $"{columns}"));

        var (width, height) = PictureDecoder.Measure(await _place.BytesAsync((await PicturesAsync(job))[^1]));
        Assert.Equal((shown * 10 + 2, (objective is Objective.Joint ? 3 : shown) * 10 + 2), (width, height));      // 8 pixels and a line of 2
    }

    [Fact]
    public async Task Train_NothingLearned_DrawsTheSamePictureEachTime()
    {
        await _place.PublishDatasetAsync();

        var job = await TrainAsync("train", Objective.Joint,
            ("training.samplesEvery", "3"),
            ("training.learningRate.encoder", "1e-12"), ("training.learningRate.decoder", "1e-12"), ("training.learningRate.labelAnchors", "1e-12"));

        var pictures = await Task.WhenAll((await PicturesAsync(job)).Select(_place.BytesAsync));
        Assert.Equal(3, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
    }

    [Fact]
    public async Task Train_Learning_DrawsWithTheRunningMeans()
    {
        await _place.PublishDatasetAsync();

        var still = await TrainAsync("train-a", Objective.Generation,
            ("training.samplesEvery", "7"), ("training.emaDecay", "0.999999"), ("training.learningRate.decoder", "0.1"));
        var moved = await TrainAsync("train-b", Objective.Generation,
            ("training.samplesEvery", "7"), ("training.emaDecay", "0"), ("training.learningRate.decoder", "0.1"));

        var (slow, fast) = (await PicturesAsync(still), await PicturesAsync(moved));
        Assert.Equal(await _place.BytesAsync(slow[0]), await _place.BytesAsync(fast[0]));
        Assert.NotEqual(await _place.BytesAsync(slow[^1]), await _place.BytesAsync(fast[^1]));
    }

    [Fact]
    public async Task Train_KilledBeforeItsPicture_TheNextAttemptDrawsIt()
    {
        await _place.PublishDatasetAsync();
        var job = await TrainAsync("train", Objective.Joint, ("training.samplesEvery", "3"));
        var lost = BlobLayout.JobSamples(job.RunId, job.Step, 6);
        var picture = await _place.BytesAsync(lost);
        await _place.Store.DeleteAsync(lost, default);
        await _place.SetStatusAsync(job, status => status with { State = JobState.Lost });      // its last checkpoint is of iteration 6

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));

        Assert.Equal(picture, await _place.BytesAsync(lost));
    }

    [Fact]
    public async Task Train_StopRequestedBeforeAPicture_LeavesItOutAndSavesACheckpoint()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(Objective.Joint, ("training.samplesEvery", "1")));
        var (first, second) = (BlobLayout.JobSamples(job.RunId, job.Step, 0), BlobLayout.JobSamples(job.RunId, job.Step, 1));
        using var terminate = new CancellationTokenSource();
        var store = new WatchedStore(_place.Store, _ => { }, name => name == first ? terminate.CancelAsync() : Task.CompletedTask);

        Assert.Equal(ExitCode.Interrupted, await _place.RunAsync(job, store: store, terminate: terminate.Token));

        Assert.Equal([first], await PicturesAsync(job));
        Assert.Equal(BlobLayout.Checkpoint(job.RunId, job.Step, 1), (await _place.StatusAsync(job)).LastCheckpoint);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, attempt: 2));
        Assert.Contains(second, await PicturesAsync(job));
    }

    [Fact]
    public async Task Train_PictureThatCannotBeDrawn_GoesOnAndSaysWhy()
    {
        await _place.PublishDatasetAsync();
        var sound = await TrainAsync("train-a", Objective.Generation);
        var start = await WithoutMeansAsync(sound);
        var job = Workplace.Train(
            Workplace.TinyRecipe(Objective.Generation, ("training.samplesEvery", "5"), ("sampling.solver", "\"rk45\"")), "train-b") with { Start = start };

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        Assert.Empty(await PicturesAsync(job));
        Assert.Contains(
            "No pictures of iteration 5, training goes on",
            await File.ReadAllTextAsync(Path.Combine(_place.Root, "store", BlobLayout.JobLog(job.RunId, job.Step))),
            StringComparison.Ordinal);
    }

    /// <summary>A trained model of which the EMA weights are no numbers.</summary>
    private async Task<StartPoint> WithoutMeansAsync(TrainJob job)
    {
        var path = Path.Combine(_place.Root, "spoilt.safetensors");
        using var model = Checkpoint.Open(_place.Store.FileOf($"{BlobLayout.Attempt(job.RunId, job.Step, 1)}/model.safetensors")!);
        await using var file = File.Create(path);
        Checkpoint.Write(file, model.Recipe, model.Classes, model.Counters,
            [.. model.Tensors.Tensors.Keys.Select(name => KeyValuePair.Create(name, Source(name)))]);
        return new StartPoint(path, "spoilt");

        TensorSource Source(string name) => name.StartsWith(EmaWeights.Prefix, StringComparison.Ordinal)
            ? model.Tensors.Source(name) with { Read = () => torch.full_like(model.Tensors.Tensor(name), float.NaN) }
            : model.Tensors.Source(name);
    }

    private async Task<TrainJob> TrainAsync(string step, Objective objective, params (string, string)[] set)
    {
        var job = Workplace.Train(Workplace.TinyRecipe(objective, set), step);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        return job;
    }

    private Task<string[]> PicturesAsync(TrainJob job) => _place.NamesAsync($"{BlobLayout.StepFolder(job.RunId, job.Step)}/samples/");
}
