using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using Parquet;
using Parquet.Schema;

namespace LznPipeline.GpuJob.Tests.Evaluation;

/// <summary>From images to figures, pictures and embeddings, for each objective.</summary>
public sealed class EveryObjectiveTests : IDisposable
{
    private static readonly ModelRef Model = new("stripes", "m1");
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(Objective.Generation, "samples/random.png", "samples/steps.png", "samples/reconstructions.png")]
    [InlineData(Objective.Representation)]
    [InlineData(Objective.Joint, "samples/confusion.csv", "samples/by-class.png", "samples/steps.png", "samples/reconstructions.png")]
    public async Task Evaluate_EveryObjective_MeasuresAndDrawsWhatItsModelCan(Objective objective, params string[] samples)
    {
        await TrainAsync(objective);
        var job = new EvaluateJob(Workplace.RunId, "evaluate", Workplace.Dataset, BlobLayout.ModelWeights(Model.Name, Model.Version), Seed: 1);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var result = await _place.ResultAsync<EvaluateJobResult>(job);
        Assert.True(double.IsFinite(result.Metrics[MetricNames.ValidationLoss]));
        Assert.Equal(objective is Objective.Joint, result.Metrics.ContainsKey(MetricNames.Accuracy));
        Assert.Equal(samples, result.Samples.Select(sample => sample.Name));
        if (samples.Contains("samples/steps.png"))
        {
            var steps = Picture.Decode(await _place.BytesAsync($"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/samples/steps.png"));
            Assert.Equal((3 * 10 + 2, 2 * 10 + 2), (steps.Width, steps.Height));        // 3 steps of each of 2 images
        }
    }

    [Fact]
    public async Task Evaluate_ModelTrainedOnSmallerCrops_SeesImagesInTheirSize()
    {
        await TrainAsync(Objective.Representation, ("image.size", "16"));       // and crops of 8
        var job = new EvaluateJob(Workplace.RunId, "evaluate", Workplace.Dataset, BlobLayout.ModelWeights(Model.Name, Model.Version), Seed: 1);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var result = await _place.ResultAsync<EvaluateJobResult>(job);
        Assert.InRange(result.Metrics[MetricNames.KnnAccuracy], 0.5, 1);        // chance is 1 in 3
    }

    [Theory]
    [InlineData(Objective.Generation, false)]
    [InlineData(Objective.Representation, false)]
    [InlineData(Objective.Joint, true)]
    public async Task Embed_EveryObjective_PredictsClassesOnlyIfItsModelKnowsThem(Objective objective, bool predicts)
    {
        var (manifest, weights) = await TrainAsync(objective);
        var job = new EmbedJob(Workplace.RunId, "embed", Workplace.Dataset, Model, weights.Sha256, Part: 0, [manifest.Splits["test"].Shards[0].File.Name]);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var result = await _place.ResultAsync<EmbedJobResult>(job);
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(
            await _place.BytesAsync($"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{result.Part.Name}")));
        using var rows = reader.OpenRowGroupReader(0);
        var predicted = new string?[result.Rows];
        await rows.ReadAsync((DataField)reader.Schema.FindDataField("predicted"), predicted);
        Assert.Equal(6, result.Identity.Dimension);
        Assert.NotEmpty(predicted);
        Assert.All(predicted, name => Assert.Equal(predicts, manifest.Classes.Contains(name)));
        Assert.All(predicted, name => Assert.Equal(predicts, name is not null));
    }

    private async Task<(DatasetManifest Manifest, StoredFile Weights)> TrainAsync(Objective objective, params (string Field, string Json)[] set)
    {
        var manifest = await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(objective, [("training.batchSize", "4"), .. set]));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        var weights = (await _place.ResultAsync<TrainJobResult>(job)).Weights;
        await _place.Store.CopyAsync(
            $"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{weights.Name}", BlobLayout.ModelWeights(Model.Name, Model.Version), default);
        return (manifest, weights);
    }
}
