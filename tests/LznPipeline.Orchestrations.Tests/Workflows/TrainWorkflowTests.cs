using System.Diagnostics;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Orchestrations.Tests.Workflows;

[Collection(OneHostAtATime.Name)]
public sealed class TrainWorkflowTests(AzuriteFixture azurite, SharedPipelineHost shared)
    : IClassFixture<AzuriteFixture>, IClassFixture<SharedPipelineHost>, IDisposable
{
    private readonly FakeSource _source = FakeSource.Create();
    private readonly string _name = azurite.NewPrefix();

    private PipelineHost Host => shared.Host;

    [Fact]
    public async Task Train_WholePipeline_PublishesEachShardOnceAndMovesThePointers()
    {
        var run = await Host.WaitAsync(await Host.TrainAsync(Request()), "Completed");

        var result = run.Result!;
        Assert.Equal(0.9, result.Metrics["accuracy"]);
        var manifest = await Host.Store.ReadJsonAsync<EmbeddingManifest>($"{result.Embeddings.Folder}/{BlobLayout.EmbeddingManifest}", default);
        Assert.Equal((FakeWork.TrainShards + 1) * FakeWork.ImagesPerShard, manifest.Rows);
        Assert.Equal(4, manifest.Parts.Length);
        Assert.NotNull(await Host.Store.LengthAsync($"{result.Embeddings.Folder}/{BlobLayout.EmbeddingSuccess}", default));
        Assert.Equal(result.Dataset.Version, (await Host.Store.ReadJsonAsync<VersionPointer>(BlobLayout.DatasetCurrent(_name), default)).Version);
        Assert.Equal(result.Model.Version, (await Host.Store.ReadJsonAsync<VersionPointer>(BlobLayout.ModelChampion(_name), default)).Version);
        Assert.Equal(result.Embeddings.Folder, (await Host.Store.ReadJsonAsync<VersionPointer>(BlobLayout.EmbeddingCurrent(_name), default)).Folder);
        Assert.Equal(
            ["prepare", "train", "evaluate", "embed-00000", "embed-00001", "embed-00002", "embed-00003"],
            run.Steps.Select(step => step.Name));
        Assert.All(run.Steps, step => Assert.Equal(JobState.Done, step.Job!.State));
    }

    [Fact]
    public async Task Train_AnotherRequestForTheSameModel_ReusesEveryStepAndSaysWhy()
    {
        var first = await Host.WaitAsync(await Host.TrainAsync(Request()), "Completed");

        var second = await Host.WaitAsync(await Host.TrainAsync(Request(imagesPerPart: 40)), "Completed");

        Assert.NotEqual(first.RunId, second.RunId);
        Assert.Equal(first.Result!.Embeddings, second.Result!.Embeddings);
        Assert.Equal(["prepare", "train", "evaluate", "embed"], second.Steps.Select(step => step.Name));
        Assert.All(second.Steps, step => Assert.True(step.Reused));
        var lineage = await Host.Store.ReadJsonAsync<StepLineage>(BlobLayout.Lineage(second.RunId, RunSteps.Train), default);
        Assert.Contains(first.RunId, lineage.Why, StringComparison.Ordinal);
        Assert.Equal(7, _source.Begun.Length);
    }

    [Fact]
    public async Task Train_PublishedShardWasDeleted_IsMadeAgain()
    {
        var first = await Host.WaitAsync(await Host.TrainAsync(Request()), "Completed");
        var shard = $"{BlobLayout.DatasetFolder(first.Result!.Dataset.Name, first.Result.Dataset.Version)}/{BlobLayout.Shard("train", 1)}";
        await Host.Store.DeleteAsync(shard, default);

        var second = await Host.WaitAsync(await Host.TrainAsync(Request(imagesPerPart: 40)), "Completed");

        var lineage = await Host.Store.ReadJsonAsync<StepLineage>(BlobLayout.Lineage(second.RunId, RunSteps.Prepare), default);
        Assert.False(lineage.Reused);
        Assert.Contains($"{shard} is gone", lineage.Why, StringComparison.Ordinal);
        Assert.NotNull(await Host.Store.LengthAsync(shard, default));
        Assert.Equal(first.Result.Dataset, second.Result!.Dataset);
    }

    [Fact]
    public async Task Train_JobIsWrong_FailsAtOnceWithStepAndMessageAndPublishesNothing()
    {
        _source.MakeWrong("Image 'a/1.png' is cut off after 512 bytes.");

        var run = await Host.WaitAsync(await Host.TrainAsync(Request()), "Failed");

        Assert.Equal("Step prepare failed: Image 'a/1.png' is cut off after 512 bytes.", run.Failure);
        Assert.Equal("prepare", run.Stage);
        Assert.Single(_source.Begun);
        Assert.Empty(await Host.ListAsync($"datasets/{_name}/"));
    }

    [Fact]
    public async Task Train_FailedRunPostedAgainAfterRepair_BeginsAnewUnderTheSameId()
    {
        _source.MakeWrong("broken");
        var failed = await Host.WaitAsync(await Host.TrainAsync(Request()), "Failed");
        _source.Repair();

        var again = await Host.TrainAsync(Request());

        Assert.Equal(failed.RunId, again);
        await Eventually.BecomesAsync(() => Host.GetAsync(again), run => run.Status == "Completed", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Train_JobFailsTwice_IsTriedAgainAndEndsWell()
    {
        _source.FailNext("evaluate", times: 2);

        var run = await Host.WaitAsync(await Host.TrainAsync(Request()), "Completed");

        Assert.Equal(3, Assert.Single(run.Steps, step => step.Name == "evaluate").Job!.Attempt);
    }

    [Fact]
    public async Task Train_TrainingProcessIsKilled_NextAttemptGoesOnFromTheCheckpoint()
    {
        _source.Hold("train");
        var runId = await Host.TrainAsync(Request());
        var training = await HeldAsync(Host, runId);

        using (var process = Process.GetProcessById(int.Parse(training.Handle!.Split(':')[0])))
            process.Kill();
        await Host.WaitAsync(runId, run => run.Steps.Any(step => step is { Name: "train", Job: { Attempt: 2, State: JobState.Running } }));
        _source.Release("train");
        var run = await Host.WaitAsync(runId, "Completed");

        Assert.Equal(2, run.Steps.Single(step => step.Name == "train").Job!.Attempt);
        AssertSecondAttemptWentOn();
    }

    [Fact]
    public async Task Train_HostStopsInOrder_JobIsInterruptedAndTheNextHostGoesOn()
    {
        _source.Hold("train");
        var (hub, state, runId) = (azurite.NewHub(), Path.Combine(Path.GetDirectoryName(_source.Images)!, "state"), string.Empty);
        await using (var first = await StartAsync())
        {
            runId = await first.TrainAsync(Request());
            await HeldAsync(first, runId);
        }

        await using var second = await StartAsync();
        await second.WaitAsync(runId, run => run.Steps.Any(step => step is { Name: "train", Job: { Attempt: 2, State: JobState.Running } }));
        _source.Release("train");
        var run = await second.WaitAsync(runId, "Completed");

        Assert.Equal(2, run.Steps.Single(step => step.Name == "train").Job!.Attempt);
        AssertSecondAttemptWentOn();

        Task<PipelineHost> StartAsync() => PipelineHost.StartAsync(azurite.ConnectionString, hub, state);
    }

    [Fact]
    public async Task Cancel_RunningTraining_TerminatesTheRunAndFencesItsJob()
    {
        _source.Hold("train");
        var runId = await Host.TrainAsync(Request());
        var training = await HeldAsync(Host, runId);

        using var answer = await Host.Client.PostAsync($"api/runs/{runId}/cancel", content: null);

        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        var run = await Eventually.BecomesAsync(
            () => Host.GetAsync(runId),
            run => run.Status == "Terminated" && run.Steps.Any(step => step is { Name: "train", Job.State: JobState.Cancelled }));
        await Eventually.Becomes(() => IsAlive(training.Handle!), alive => !alive);
        Assert.Equal(JobState.Cancelled, (await Host.GetAsync(runId)).Steps.Single(step => step.Name == "train").Job!.State);
        Assert.Null(run.Result);
    }

    [Fact]
    public async Task Cancel_RunIsPostedAgainAtOnce_LeavesTheNewOneAlone()
    {
        _source.Hold("train");
        var runId = await Host.TrainAsync(Request());
        await HeldAsync(Host, runId);
        using var answer = await Host.Client.DeleteAsync($"api/runs/{runId}");
        await Eventually.BecomesAsync(() => Host.GetAsync(runId), run => run.Status == "Terminated");

        Assert.Equal(runId, await Host.TrainAsync(Request()));
        await Eventually.BecomesAsync(() => CancellationAsync(runId), status => status == "Completed");
        _source.Release("train");

        await Host.WaitAsync(runId, "Completed");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_source.Images)!, recursive: true);

    private object Request(string? source = null, int imagesPerPart = 10) =>
        new { name = _name, dataset = new { name = _name, source = source ?? _source.Images }, imagesPerPart };

    private void AssertSecondAttemptWentOn() => Assert.EndsWith(
        "from a-checkpoint",
        _source.Begun.Single(line => line.StartsWith("train-", StringComparison.Ordinal) && line.Contains(" 2 ", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    private static async Task<JobStatus> HeldAsync(PipelineHost host, string runId)
    {
        var run = await host.WaitAsync(
            runId, run => run.Steps.Any(step => step is { Name: "train", Job: { State: JobState.Running, LastCheckpoint: not null, Handle: not null } }));
        return run.Steps.Single(step => step.Name == "train").Job!;
    }

    /// <summary>State of the workflow that cancels a run.</summary>
    private async Task<string?> CancellationAsync(string runId) =>
        (await Host.InstancesAsync())
            .SingleOrDefault(instance => instance.Name == nameof(CancelWorkflow) && instance.Input?.ToString() == runId)?.RuntimeStatus;

    private static bool IsAlive(string handle) => Activities.Launching.LocalProcess.Parse(handle)!.IsAlive;
}
