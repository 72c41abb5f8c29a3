using System.Text;
using LznPipeline.GpuJob.Tests.Evaluation.Features;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Evaluation;

/// <summary>What an evaluation leaves behind: figures, what decides, and the report.</summary>
public sealed class EvaluationReportTests : IDisposable
{
    private static readonly ModelRef Model = new("stripes", "m1");
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Evaluate_Joint_MeasuresAccuracyInEveryFormAndImagesOverSeeds()
    {
        await TrainAsync(Objective.Joint);

        var (result, report) = await EvaluateAsync(Job());

        foreach (var form in new[] { "", ".train", ".frequency", ".train.frequency", ".plain", ".train.plain", ".frequency.plain", ".train.frequency.plain" })
        foreach (var scale in new[] { "0", "0.5", "1" })
            Assert.InRange(result.Metrics[$"accuracy{form}.prior-{scale}"], 0, 1);
        Assert.Equal(result.Metrics["accuracy"], result.Metrics["accuracy.prior-0"]);
        foreach (var figure in new[] { "frechet_distance", "spatial_frechet_distance", "inception_score" })
            Assert.True(double.IsFinite(result.Metrics[figure]) && result.Metrics[$"{figure}.spread"] > 0, figure);
        foreach (var share in new[] { "precision_k3", "recall_k3", "precision_k3.spread", "recall_k3.spread" })
            Assert.InRange(result.Metrics[share], 0, 1);
        Assert.InRange(result.Metrics["reconstruction_l2"], 0, 100);
        Assert.Equal(new PrimaryMetric(MetricNames.Accuracy, LowerIsBetter: false, MeasuredWith: null), result.Primary);
        Assert.Contains("a classifier of", report, StringComparison.Ordinal);
        Assert.Contains("<b>loss</b>", report, StringComparison.Ordinal);       // the training's curve
    }

    [Fact]
    public async Task Evaluate_Representation_ProbesEveryKindOfEmbeddingAndComparesWithPixels()
    {
        await TrainAsync(Objective.Representation);

        var (result, _) = await EvaluateAsync(Job());

        foreach (var kind in new[] { "", ".features", ".latents", ".latent_centres" })
        {
            Assert.InRange(result.Metrics[$"linear_probe_top1{kind}"], 0, 1);
            Assert.InRange(result.Metrics[$"effective_rank{kind}"], 0, 16);
        }

        foreach (var kind in new[] { "", ".features", ".latents", ".latent_centres", ".untrained", ".pixels" })
            Assert.InRange(result.Metrics[$"knn_accuracy{kind}"], 0, 1);

        Assert.Equal(MetricNames.KnnAccuracy, result.Primary.Name);
    }

    [Fact]
    public async Task Evaluate_FeatureNetworkOfTheJob_IsUsedAndNamedWithItsHash()
    {
        await TrainAsync(Objective.Generation);
        var file = TorchScriptFeaturesTests.Network("all");
        var sha256 = ContentHash.Sha256(await File.ReadAllBytesAsync(file));

        var (result, report) = await EvaluateAsync(Job() with { FeatureNetwork = new FeatureNetworkRecipe { Source = file } });

        Assert.Equal(new PrimaryMetric(MetricNames.FrechetDistance, LowerIsBetter: true, sha256), result.Primary);
        Assert.Contains(sha256, report, StringComparison.Ordinal);
        Assert.True(result.Metrics["frechet_distance"] > 0);
    }

    [Fact]
    public async Task Evaluate_NetworkWithoutLogits_LeavesOutTheInceptionScore()
    {
        await TrainAsync(Objective.Generation);

        var (result, _) = await EvaluateAsync(
            Job() with { FeatureNetwork = new FeatureNetworkRecipe { Source = TorchScriptFeaturesTests.Network("features") } });

        Assert.Contains("frechet_distance", result.Metrics.Keys);
        Assert.DoesNotContain("inception_score", result.Metrics.Keys);
        Assert.DoesNotContain("spatial_frechet_distance", result.Metrics.Keys);
    }

    [Theory]
    [InlineData("/nowhere/net.pt", "there is no '/nowhere/net.pt'")]
    [InlineData("images", "features of shape [")]
    public async Task Evaluate_FeatureNetworkThatCannotServe_IsTheJobsFault(string source, string says)
    {
        await TrainAsync(Objective.Generation);
        var job = Job() with { FeatureNetwork = new FeatureNetworkRecipe { Source = source == "images" ? TorchScriptFeaturesTests.Network(source) : source } };

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains(says, (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_ModelOfOtherClasses_NamesBoth()
    {
        await TrainAsync(Objective.Joint);
        var manifest = await _place.Store.ReadJsonAsync<DatasetManifest>(
            BlobLayout.DatasetManifest(Workplace.Dataset.Name, Workplace.Dataset.Version), default);
        var other = Workplace.Dataset with { Version = "v2" };
        await _place.Store.CreateJsonAsync(BlobLayout.DatasetManifest(other.Name, other.Version), manifest with { Classes = ["cats", "dogs"] }, default);
        var job = Job() with { Dataset = other };

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains(
            "knows the classes across, down; dataset stripes has cats, dogs",
            (await _place.StatusAsync(job)).Failure!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FewerTrainImagesThanNeighbours_MeasuresTheRest()
    {
        await TrainAsync(Objective.Joint, perClass: 8);

        var (result, report) = await EvaluateAsync(Job());

        Assert.DoesNotContain(MetricNames.KnnAccuracy, result.Metrics.Keys);
        Assert.Contains("too few train images", report, StringComparison.Ordinal);
        Assert.Contains(MetricNames.Accuracy, result.Metrics.Keys);
    }

    [Fact]
    public async Task Evaluate_OneClass_ComparesImagesByFeaturesOfTurns()
    {
        await TrainAsync(Objective.Generation, classes: 1);

        var (result, report) = await EvaluateAsync(Job());

        Assert.True(result.Metrics[MetricNames.FrechetDistance] > 0);
        Assert.DoesNotContain("inception_score", result.Metrics.Keys);
        Assert.Contains("of the quarter turns of test images", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_Twice_GivesTheSameFiguresAndTheSameReport()
    {
        await TrainAsync(Objective.Joint);

        var (first, report) = await EvaluateAsync(Job());
        var (again, same) = await EvaluateAsync(Job("evaluate-again"));

        Assert.NotEmpty(first.Metrics);
        Assert.Equal(first.Metrics, again.Metrics);
        Assert.Equal(report, same);
    }

    private static EvaluateJob Job(string step = "evaluate") => new(
        Workplace.RunId, step, Workplace.Dataset, BlobLayout.ModelWeights(Model.Name, Model.Version), Seed: 1)
    {
        Curves = BlobLayout.JobMetrics(Workplace.RunId, "train"),
    };

    private async Task TrainAsync(Objective objective, int perClass = 16, int classes = 2)
    {
        await _place.PublishDatasetAsync(perClass, classes);
        var job = Workplace.Train(Workplace.TinyRecipe(objective, ("training.batchSize", "4")));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        var weights = (await _place.ResultAsync<TrainJobResult>(job)).Weights;
        await _place.Store.CopyAsync(
            $"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{weights.Name}", BlobLayout.ModelWeights(Model.Name, Model.Version), default);
    }

    private async Task<(EvaluateJobResult Result, string Report)> EvaluateAsync(EvaluateJob job)
    {
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        var result = await _place.ResultAsync<EvaluateJobResult>(job);
        return (result, Encoding.UTF8.GetString(await _place.BytesAsync($"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{result.Report.Name}")));
    }
}
