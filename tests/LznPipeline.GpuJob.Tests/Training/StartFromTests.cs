using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Tests.Checkpoints;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Sources;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Training;

public sealed class StartFromTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Train_FromAnotherJobsTrainingState_EndsWithItsBits()
    {
        await _place.PublishDatasetAsync();
        var whole = Workplace.Train(Workplace.TinyRecipe(), "train-a");
        Assert.Equal(ExitCode.Done, await _place.RunAsync(whole));
        var state = BlobLayout.Checkpoint(whole.RunId, whole.Step, whole.Recipe.Training.CheckpointEvery);

        var rest = Started("train-b", whole.Recipe, SourceAddress.BlobPrefix + state);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(rest));

        // Begun from nothing it would end with the same bits, too: that it went on is told by its curves alone.
        Assert.Equal($"{whole.Recipe.Training.CheckpointEvery + 1}", (await _place.MetricsAsync(rest))[0][1]);
        Assert.Equal(await Sha256Async(whole), await Sha256Async(rest));
    }

    [Fact]
    public async Task Train_FromAModel_BeginsAtTheFirstIterationWithItsWeights()
    {
        await _place.PublishDatasetAsync();
        var trained = Workplace.Train(Workplace.TinyRecipe(), "train-a");
        Assert.Equal(ExitCode.Done, await _place.RunAsync(trained));
        var file = Path.Combine(_place.Root, "store", BlobLayout.Attempt(trained.RunId, trained.Step, 1), "model.safetensors");

        // A rate that moves no weight, so that what comes out is what went in.
        var unmoved = Workplace.TinyRecipe(
            ("training.iterations", "1"),
            ("training.decoderIterations", "1"),
            ("training.learningRate", """{ "encoder": 1e-30, "decoder": 1e-30, "labelAnchors": 1e-30 }"""));
        var again = Started("train-b", unmoved, file);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(again));

        Assert.Equal(1, (await _place.ResultAsync<TrainJobResult>(again)).Iterations);
        using var first = Checkpoint.Open(file);
        using var second = Checkpoint.Open(file.Replace("train-a", "train-b", StringComparison.Ordinal));
        AssertSame(first, second, ema: false);
    }

    [Fact]
    public async Task Train_FromAStateThatHasAllIterations_PublishesItsWeights()
    {
        using var imported = new TinyCheckpoint();
        imported.Export();
        var file = Path.Combine(imported.Folder, "imported.safetensors");
        using (var checkpoint = imported.Import())
        {
            await using var to = File.Create(file);
            Checkpoint.Write(to, checkpoint.Recipe, checkpoint.Classes, checkpoint.Counters,
                [.. checkpoint.Tensors.Tensors.Keys.Select(name => KeyValuePair.Create(name, checkpoint.Tensors.Source(name)))]);
        }

        await _place.PublishDatasetAsync(classes: 3);
        var job = Started("train", Workplace.TinyRecipe(("training.iterations", "4"), ("training.decoderIterations", "4")), file);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        Assert.Null((await _place.ResultAsync<TrainJobResult>(job)).Loss);
        using var before = Checkpoint.Open(file);
        using var after = Checkpoint.Open(Path.Combine(_place.Root, "store", BlobLayout.Attempt(job.RunId, job.Step, 1), "model.safetensors"));
        AssertSame(before, after, ema: true);
    }

    [Theory]
    [InlineData("/no/such/file")]
    [InlineData("blob:no/such/file")]
    public async Task Train_FromNothing_IsRefused(string source)
    {
        await _place.PublishDatasetAsync();

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(Started("train", Workplace.TinyRecipe(), source)));
    }

    [Fact]
    public async Task Train_FromOtherNetworks_ListsWhatDiffers()
    {
        await _place.PublishDatasetAsync();
        var trained = Workplace.Train(Workplace.TinyRecipe(), "train-a");
        Assert.Equal(ExitCode.Done, await _place.RunAsync(trained));

        var other = Started(
            "train-b",
            Workplace.TinyRecipe(("encoder.latentDimension", "4")),
            SourceAddress.BlobPrefix + BlobLayout.Checkpoint(trained.RunId, trained.Step, 3));
        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(other));

        Assert.Contains("label_anchors: F32 [2, 6], needed F32 [2, 4]", (await _place.StatusAsync(other)).Failure!.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(Checkpoint expected, Checkpoint given, bool ema)
    {
        using var before = expected.Build(ema);
        using var after = given.Build(ema);
        Assert.Equal(before.Weights().Select(each => each.Key), after.Weights().Select(each => each.Key));
        Assert.All(before.Weights().Zip(after.Weights()), pair => Assert.True(pair.First.Value.Equals(pair.Second.Value), pair.First.Key));
    }

    private static TrainJob Started(string step, Recipe recipe, string source) =>
        Workplace.Train(recipe, step) with { Start = new StartPoint(source, "of its content") };

    private async Task<string> Sha256Async(TrainJob job) => (await _place.ResultAsync<TrainJobResult>(job)).Weights.Sha256;
}
