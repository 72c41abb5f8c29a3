using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Activities.Tests.Storage;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;

namespace LznPipeline.Activities.Tests.Publishing;

public sealed class PublishingTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Fact]
    public async Task PublishDataset_TwiceAndAtOnce_IsThereOnceByteForByte()
    {
        var pipeline = await OpenAsync();
        var prepared = await pipeline.PreparedAsync();
        await pipeline.Activity<PublishDataset>().RunAsync(prepared, Stop);
        var first = await pipeline.SnapshotAsync($"datasets/{pipeline.Name}/");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => pipeline.Activity<PublishDataset>().RunAsync(prepared, Stop)));

        Assert.Equal(6, first.Count);
        Assert.Equal(first, await pipeline.SnapshotAsync($"datasets/{pipeline.Name}/"));
    }

    [Fact]
    public async Task PublishDataset_KilledBeforeAnyWrite_ManifestIsLastAndTheNextTryEndsTheSame()
    {
        var whole = await OpenAsync();
        await whole.Activity<PublishDataset>().RunAsync(await whole.PreparedAsync(), Stop);
        var expected = (await whole.SnapshotAsync($"datasets/{whole.Name}/")).Values;
        Assert.Equal(6, expected.Count);

        for (var survived = 0; ; survived++)
        {
            var pipeline = await OpenAsync();
            var prepared = await pipeline.PreparedAsync();
            var store = new KilledStore(pipeline.Store, survived);
            var end = await Record.ExceptionAsync(() => pipeline.Over(store).Activity<PublishDataset>().RunAsync(prepared, Stop));
            Assert.True(store.WasReached ? end is KilledException : end is null, $"{end}");
            if (await pipeline.Store.LengthAsync(BlobLayout.DatasetManifest(pipeline.Name, pipeline.Dataset.Version), Stop) is not null)
                Assert.True(
                    (await pipeline.SnapshotAsync($"datasets/{pipeline.Name}/")).Keys.Count(name => name.EndsWith(".tar", StringComparison.Ordinal)) == 4,
                    "A manifest without all of its shards.");

            await pipeline.Activity<PublishDataset>().RunAsync(prepared, Stop);

            Assert.Equal(
                expected,
                (await pipeline.SnapshotAsync($"datasets/{pipeline.Name}/")).Values
                    .Select(text => text.Replace(pipeline.Name, whole.Name, StringComparison.Ordinal)));
            if (!store.WasReached)
                break;
            Assert.True(survived < 20, "Publishing four shards takes more writes than it should.");
        }
    }

    [Fact]
    public async Task PublishDataset_OutputChangedAfterTheJob_FailsAndLeavesNoManifest()
    {
        var pipeline = await OpenAsync();
        var prepared = await pipeline.PreparedAsync();
        var shard = $"{BlobLayout.Attempt(prepared.Job.RunId, prepared.Job.Step, 1)}/{BlobLayout.Shard("train", 1)}";
        await pipeline.Store.WriteAsync(shard, new MemoryStream([1, 2, 3]), Stop);

        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => pipeline.Activity<PublishDataset>().RunAsync(prepared, Stop));

        Assert.Contains(shard, wrong.Message, StringComparison.Ordinal);
        Assert.Null(await pipeline.Store.LengthAsync(BlobLayout.DatasetManifest(pipeline.Name, pipeline.Dataset.Version), Stop));
    }

    [Fact]
    public async Task PublishDataset_ResultOfASupersededAttempt_IsRefused()
    {
        var pipeline = await OpenAsync();
        var old = await pipeline.PreparedAsync();
        var name = BlobLayout.JobStatus(old.Job.RunId, old.Job.Step);
        var cell = await pipeline.Store.FindCellAsync<JobStatus>(name, Stop);
        await pipeline.Store.ReplaceJsonAsync(name, cell!.Value with { Attempt = 2, State = JobState.Running }, cell.ETag, Stop);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => pipeline.Activity<PublishDataset>().RunAsync(old, Stop));

        Assert.Contains("attempt 2, Running", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await pipeline.SnapshotAsync($"datasets/{pipeline.Name}/"));
    }

    [Fact]
    public async Task PublishWeights_TwoRunsWithOtherBytes_FirstStaysAndBothAreToldIt()
    {
        var pipeline = await OpenAsync();
        var one = new TrainedModel(await pipeline.TrainedAsync("weights", "one"), pipeline.Model);
        var two = new TrainedModel(await pipeline.TrainedAsync("weights, last bit differs", "two"), pipeline.Model);

        var files = await Task.WhenAll(pipeline.Activity<PublishWeights>().RunAsync(one, Stop), pipeline.Activity<PublishWeights>().RunAsync(two, Stop));

        Assert.Equal(files[0], files[1]);
        Assert.Equal("model.safetensors", files[0].Name);
        Assert.Equal(files[0].SizeBytes, await pipeline.Store.LengthAsync(BlobLayout.ModelWeights(pipeline.Name, pipeline.Model.Version), Stop));
    }

    [Theory]
    [InlineData(0.8, 0.9, true)]
    [InlineData(0.9, 0.9, true)]
    [InlineData(0.9, 0.8, false)]
    public async Task RegisterModel_ChallengerAtLeastAsAccurate_BecomesChampion(double champion, double challenger, bool moves)
    {
        var pipeline = await OpenAsync();
        var first = await RegisterAsync(pipeline, "1111111111111111", champion, "one");
        var second = await RegisterAsync(pipeline, "2222222222222222", challenger, "two");

        var pointer = await pipeline.Store.ReadJsonAsync<VersionPointer>(BlobLayout.ModelChampion(pipeline.Name), Stop);

        Assert.Equal(moves ? second : first, pointer.Version);
    }

    [Theory]
    [InlineData(4.5, 6.0, "net", "net", false)]
    [InlineData(6.0, 4.5, "net", "net", true)]
    [InlineData(4.5, 6.0, "net", "other net", true)]        // distances of two networks say nothing about each other
    public async Task RegisterModel_GenerationWithSmallerDistance_BecomesChampion(
        double champion, double challenger, string measuredWith, string thenWith, bool moves)
    {
        var pipeline = await OpenAsync();
        var first = await RegisterAsync(
            pipeline, "1111111111111111", champion, "one", "case1-small", new PrimaryMetric(MetricNames.FrechetDistance, LowerIsBetter: true, measuredWith));
        var second = await RegisterAsync(
            pipeline, "2222222222222222", challenger, "two", "case1-small", new PrimaryMetric(MetricNames.FrechetDistance, LowerIsBetter: true, thenWith));

        var pointer = await pipeline.Store.ReadJsonAsync<VersionPointer>(BlobLayout.ModelChampion(pipeline.Name), Stop);

        Assert.Equal(moves ? second : first, pointer.Version);
    }

    [Fact]
    public async Task RegisterModel_PresetIsAnotherSinceTraining_RegistersTheRecipeThatWasTrained()
    {
        var pipeline = await OpenAsync();
        var version = await RegisterAsync(pipeline, pipeline.Model.Version, 0.9, "run", preset: "case1-small");

        var manifest = await pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(pipeline.Name, version), Stop);

        Assert.Equal(Objective.Joint, manifest.Recipe.Objective);       // as the job that trained it says, and not of that preset
    }

    [Fact]
    public async Task RegisterModel_Evaluated_PublishesTheReportAndSaysWhatDecides()
    {
        var pipeline = await OpenAsync();
        var version = await RegisterAsync(pipeline, pipeline.Model.Version, 0.9, "run");

        var manifest = await pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(pipeline.Name, version), Stop);

        Assert.Equal(Pipeline.ByAccuracy, manifest.Primary);
        var report = await pipeline.Store.FindAsync($"{BlobLayout.ModelFolder(pipeline.Name, version)}/{manifest.Report.Name}", Stop);
        Assert.Equal("report of run", report!.Content.ToString());      // the manifest names it
    }

    [Fact]
    public async Task RegisterModel_ChampionOfAnOlderFormat_IsComparedByItsFigures()
    {
        var pipeline = await OpenAsync();
        var first = await RegisterAsync(pipeline, "1111111111111111", 0.8, "one");
        using var older = new MemoryStream("""{"recipe":"of another time"}"""u8.ToArray());
        await pipeline.Store.WriteAsync(BlobLayout.ModelManifest(pipeline.Name, first), older, Stop);

        var second = await RegisterAsync(pipeline, "2222222222222222", 0.9, "two");

        Assert.Equal(second, (await pipeline.Store.ReadJsonAsync<VersionPointer>(BlobLayout.ModelChampion(pipeline.Name), Stop)).Version);
    }

    [Fact]
    public async Task PublishPart_WeightsAreNotTheRegisteredOnes_IsRefusedAndNothingIsPublished()
    {
        var pipeline = await OpenAsync();
        await RegisterAsync(pipeline, pipeline.Model.Version, 0.9, "run");
        var foreign = await pipeline.EmbeddedAsync(0, ["train/shard-00000.tar"], pipeline.IdentityOf(new string('0', 64)));

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => pipeline.Activity<PublishPart>().RunAsync(foreign, Stop));

        Assert.Contains("never mixed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await pipeline.SnapshotAsync($"embeddings/{pipeline.Name}/"));
    }

    [Fact]
    public async Task PublishEmbeddings_PartsTwiceAndAtOnce_EveryImageOnce()
    {
        var pipeline = await OpenAsync();
        var (input, parts) = await PlannedAsync(pipeline);
        foreach (var part in parts)
            await Task.WhenAll(pipeline.Activity<PublishPart>().RunAsync(part, Stop), pipeline.Activity<PublishPart>().RunAsync(part, Stop));

        var published = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            pipeline.Activity<PublishEmbeddings>().RunAsync(new EmbeddedDataset(input.Dataset, input.Model), Stop)));

        Assert.Single(published.Distinct());
        Assert.Equal((2, 40L, 64), (published[0].Parts, published[0].Rows, published[0].Dimension));
        Assert.Empty((await pipeline.Activity<PlanEmbedding>().RunAsync(input, Stop)).Steps);
    }

    [Fact]
    public async Task PublishEmbeddings_PartLacksRows_IsRefusedAndNotPublished()
    {
        var pipeline = await OpenAsync();
        var (input, parts) = await PlannedAsync(pipeline, rowsOfLast: 9);
        foreach (var part in parts)
            await pipeline.Activity<PublishPart>().RunAsync(part, Stop);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => pipeline.Activity<PublishEmbeddings>().RunAsync(new EmbeddedDataset(input.Dataset, input.Model), Stop));

        Assert.Contains("has 9 rows, but its shards have 20 images", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await pipeline.SnapshotAsync($"embeddings/{pipeline.Name}/"),
            blob => blob.Key.EndsWith(BlobLayout.EmbeddingSuccess, StringComparison.Ordinal));
    }

    private async Task<Pipeline> OpenAsync() => new(await StoreAddress.OpenAsync(azurite.ConnectionString, Stop), azurite.NewPrefix());

    private static async Task<string> RegisterAsync(
        Pipeline pipeline, string version, double value, string runId, string preset = "case3-small", PrimaryMetric? decides = null)
    {
        var model = pipeline.Model with { Version = version };
        var trained = await pipeline.TrainedAsync($"weights {version}", runId);
        var weights = await pipeline.Activity<PublishWeights>().RunAsync(new TrainedModel(trained, model), Stop);
        var evaluated = await pipeline.EvaluatedAsync(value, runId, decides, trained.Job);
        var measured = new MeasuredModel(
            pipeline.Run(runId), pipeline.Request with { Preset = preset }, pipeline.Dataset, model, weights, evaluated);
        await Task.WhenAll(pipeline.Activity<RegisterModel>().RunAsync(measured, Stop), pipeline.Activity<RegisterModel>().RunAsync(measured, Stop));
        return version;
    }

    /// <summary>A dataset of four shards and a model; two parts of two shards each are embedded, but not published.</summary>
    private static async Task<(EmbeddingInput Input, FinishedJob[] Parts)> PlannedAsync(Pipeline pipeline, long? rowsOfLast = null)
    {
        await pipeline.Activity<PublishDataset>().RunAsync(await pipeline.PreparedAsync(), Stop);
        await RegisterAsync(pipeline, pipeline.Model.Version, 0.9, "run");
        var input = new EmbeddingInput(pipeline.Run("run"), pipeline.Dataset, pipeline.Model, ImagesPerPart: 20);
        Assert.Equal(2, (await pipeline.Activity<PlanEmbedding>().RunAsync(input, Stop)).Steps.Length);
        var model = await pipeline.Store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(pipeline.Name, pipeline.Model.Version), Stop);
        var identity = pipeline.IdentityOf(model.Weights.Sha256);
        return (input, [
            await pipeline.EmbeddedAsync(0, ["test/shard-00000.tar", "train/shard-00000.tar"], identity),
            await pipeline.EmbeddedAsync(1, ["train/shard-00001.tar", "train/shard-00002.tar"], identity, rowsOfLast),
        ]);
    }
}
