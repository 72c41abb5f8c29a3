using System.Diagnostics;
using System.Globalization;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.EndToEnd.Tests;

[Collection(OnePipeline.Name)]
public sealed class KillTests(PipelineFixture pipeline)
{
    [Fact]
    public async Task Host_KilledInTrainingAndInTheFanOut_RunEndsAsIfUndisturbed()
    {
        var run = (await pipeline.Client.TrainAsync(pipeline.Request("killed-host"), default)).RunId;

        await pipeline.BecomesAsync(run, seen => Job(seen, RunSteps.Train) is { State: JobState.Running, Progress.Done: > 0 });
        await pipeline.KillHostAsync();
        await pipeline.BecomesAsync(run, seen => seen.Steps.Any(step => step.Name.StartsWith(RunSteps.Embed, StringComparison.Ordinal)));
        await pipeline.KillHostAsync();

        await AssertAsUndisturbedAsync(await pipeline.EndAsync(run));
    }

    [Fact]
    public async Task TrainingProcess_Killed_ResumesFromItsCheckpointWithTheSameWeights()
    {
        var run = (await pipeline.Client.TrainAsync(pipeline.Request("killed-training"), default)).RunId;

        var seen = await pipeline.BecomesAsync(
            run, seen => Job(seen, RunSteps.Train) is { State: JobState.Running, LastCheckpoint: not null, Handle: not null });
        using (var training = Process.GetProcessById(int.Parse(Job(seen, RunSteps.Train)!.Handle!.Split(':')[0], CultureInfo.InvariantCulture)))
            training.Kill();

        var end = await pipeline.EndAsync(run);
        Assert.Equal(2, Job(end, RunSteps.Train)?.Attempt);
        var folder = end.Steps.Single(step => step.Name == RunSteps.Train).Folder;
        var curves = (await pipeline.Store.FindAsync($"{folder}/metrics.csv", default))!.Content.ToString();       // a training that is done has them
        Assert.Contains("\n2,", curves, StringComparison.Ordinal);
        Assert.DoesNotContain("\n2,1,", curves, StringComparison.Ordinal);      // begun from nothing it would end with the same weights, too
        await AssertAsUndisturbedAsync(end);
    }

    private async Task AssertAsUndisturbedAsync(RunDetail disturbed)
    {
        Assert.True(disturbed.Status == "Completed", disturbed.Failure);
        var (expected, actual) = ((await pipeline.UndisturbedAsync()).Result!, disturbed.Result!);      // completed runs have results
        Assert.Equal((await ModelAsync(expected)).Weights.Sha256, (await ModelAsync(actual)).Weights.Sha256);
        Assert.NotEmpty(expected.Metrics);
        Assert.Equal(expected.Metrics, actual.Metrics);
        var expectedRows = await Published.RowsAsync(pipeline.Store, expected.Embeddings);
        var actualRows = await Published.RowsAsync(pipeline.Store, actual.Embeddings);
        Assert.NotEmpty(expectedRows);
        Assert.Equal(expectedRows.Select(row => row.Id), actualRows.Select(row => row.Id));
        Assert.Equal(expectedRows.SelectMany(row => row.Vector), actualRows.SelectMany(row => row.Vector));
    }

    private Task<ModelManifest> ModelAsync(TrainResult result) =>
        pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(result.Model.Name, result.Model.Version), default);

    private static JobStatus? Job(RunDetail run, string step) => Array.Find(run.Steps, each => each.Name == step)?.Job;
}
