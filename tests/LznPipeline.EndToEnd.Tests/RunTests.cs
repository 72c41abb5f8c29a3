using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.EndToEnd.Tests;

[Collection(OnePipeline.Name)]
public sealed class RunTests(PipelineFixture pipeline)
{
    [Fact]
    public async Task Run_DrawnPictures_PublishesOneVectorForEachImage()
    {
        var run = await pipeline.UndisturbedAsync();

        Assert.True(run.Status == "Completed", run.Failure);
        var result = run.Result!;       // a completed run has one
        var rows = await Published.RowsAsync(pipeline.Store, result.Embeddings);
        Assert.Equal(Directory.GetFiles(pipeline.Pictures, "*", SearchOption.AllDirectories).Length, rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(result.Embeddings.Rows, rows.Count);
        Assert.All(rows, row => Assert.All(row.Vector, value => Assert.True(float.IsFinite(value))));
        Assert.InRange(result.Metrics["accuracy"], 0, 1);
    }

    [Fact]
    public async Task Run_DrawnPictures_RegistersModelWithSamplesAndReport()
    {
        var model = (await pipeline.UndisturbedAsync()).Result!.Model;

        var manifest = await pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(model.Name, model.Version), default);
        var sample = await pipeline.Store.FindAsync(
            $"{BlobLayout.ModelFolder(model.Name, model.Version)}/{Assert.Single(manifest.Samples, sample => sample.Name == "samples/by-class.png").Name}",
            default);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], sample!.Content.ToArray()[..4]);     // the manifest names it
        var report = await pipeline.Store.FindAsync($"{BlobLayout.ModelFolder(model.Name, model.Version)}/{manifest.Report.Name}", default);
        Assert.Contains("label loss", report!.Content.ToString(), StringComparison.Ordinal);      // the training's curves are in it
    }

    [Theory]
    [InlineData("case1-small", "samples/random.png", "samples/steps.png", "samples/reconstructions.png")]
    [InlineData("case2-small")]
    public async Task Run_OtherObjective_PublishesItsVectorsFiguresAndSamples(string preset, params string[] samples)
    {
        var run = await pipeline.RunAsync(pipeline.Request(preset, preset));

        Assert.True(run.Status == "Completed", run.Failure);
        var result = run.Result!;       // a completed run has one
        var rows = await Published.RowsAsync(pipeline.Store, result.Embeddings);
        Assert.Equal(Directory.GetFiles(pipeline.Pictures, "*", SearchOption.AllDirectories).Length, rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(result.Embeddings.Rows, rows.Count);
        Assert.True(double.IsFinite(result.Metrics[MetricNames.ValidationLoss]));
        var manifest = await pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(result.Model.Name, result.Model.Version), default);
        Assert.Equal(samples, manifest.Samples.Select(sample => sample.Name));
        Assert.NotNull(await pipeline.Store.LengthAsync(BlobLayout.ModelChampion(result.Model.Name), default));
    }

    [Fact]
    public async Task Train_SameRequestTwice_IsOneRunAndNothingIsDoneAgain()
    {
        var first = await pipeline.UndisturbedAsync();

        var second = await pipeline.RunAsync(pipeline.Request("undisturbed"));

        Assert.Equal(first.RunId, second.RunId);
        Assert.Equal(first.UpdatedAt, second.UpdatedAt);
    }

    [Fact]
    public async Task Train_OtherSeed_IsAnotherRunThatReusesTheDataset()
    {
        var first = await pipeline.UndisturbedAsync();

        var other = (await pipeline.Client.TrainAsync(pipeline.Request("undisturbed") with { Seed = 1 }, default)).RunId;

        Assert.NotEqual(first.RunId, other);
        var seen = await pipeline.BecomesAsync(other, run => run.Steps.Any(step => step.Name == RunSteps.Train));
        Assert.True(seen.Steps.Single(step => step.Name == RunSteps.Prepare).Reused);
        await pipeline.Client.CancelAsync(other, default);
        Assert.Equal("Terminated", (await pipeline.EndAsync(other)).Status);
    }
}
