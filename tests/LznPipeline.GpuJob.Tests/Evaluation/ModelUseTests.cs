using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Parquet;

namespace LznPipeline.GpuJob.Tests.Evaluation;

/// <summary>Evaluates and embeds with a model that the tests train once.</summary>
public sealed class ModelUseTests : IAsyncLifetime, IDisposable
{
    private static readonly ModelRef Model = new("stripes", "m1");
    private readonly Workplace _place = new();
    private DatasetManifest _manifest = null!;      // set before every test
    private StoredFile _weights = null!;            // likewise

    public async Task InitializeAsync()
    {
        _manifest = await _place.PublishDatasetAsync(perClass: 40, classes: 3);
        var job = Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", "120"), ("training.decoderIterations", "20"), ("training.batchSize", "48"), ("training.checkpointEvery", "1000"),
            ("encoder.channels", "[16, 32]")));
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        _weights = (await _place.ResultAsync<TrainJobResult>(job)).Weights;
        await _place.Store.CopyAsync(
            $"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{_weights.Name}", BlobLayout.ModelWeights(Model.Name, Model.Version), default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Evaluate_TrainedModel_RecognisesUnseenImages()
    {
        var job = new EvaluateJob(Workplace.RunId, "evaluate", Workplace.Dataset, BlobLayout.ModelWeights(Model.Name, Model.Version), Seed: 1);

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));

        var result = await _place.ResultAsync<EvaluateJobResult>(job);
        Assert.InRange(result.Metrics["accuracy"], 0.8, 1);       // chance is a third
        Assert.Equal(result.Metrics["accuracy"], result.Metrics["accuracy.prior-0"]);
        var grid = Picture.Decode(await _place.BytesAsync($"{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/samples/by-class.png"));
        Assert.Equal((2 * 10 + 2, 3 * 10 + 2), (grid.Width, grid.Height));      // 2 of each of 3 classes, 8 pixels and a line of 2 each
    }

    [Fact]
    public async Task Embed_Shards_GivesARowForEachImageWithTheModelsIdentity()
    {
        var (result, file) = await EmbedAsync("embed-a");

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(file));
        Assert.Equal(_manifest.Splits["test"].Images, result.Rows);
        Assert.Equal(["id", "split", "label", "class", "predicted", "embedding"], reader.Schema.Fields.Select(field => field.Name));
        Assert.Contains(_weights.Sha256, reader.CustomMetadata[EmbeddingFile.IdentityKey], StringComparison.Ordinal);
        using var rows = reader.OpenRowGroupReader(0);
        var ids = new string?[result.Rows];
        await rows.ReadAsync(reader.Schema.FindDataField("id"), ids);
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(File.Exists(Path.Combine(_place.Root, "source", id!))));
        Assert.Equal(result.Rows * result.Identity.Dimension, rows.GetMetadata(reader.Schema.DataFields[^1])!.MetaData!.NumValues);
    }

    [Fact]
    public async Task Embed_Twice_GivesTheSameBytes() => Assert.Equal((await EmbedAsync("embed-a")).File, (await EmbedAsync("embed-b")).File);

    [Fact]
    public async Task Embed_OtherWeightsThanTheJobSays_IsRefused()
    {
        var job = Job("embed-a") with { WeightsSha256 = new string('0', 64) };

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(job));

        Assert.Contains(_weights.Sha256, (await _place.StatusAsync(job)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_DamagedShard_IsRefused()
    {
        var shard = $"{BlobLayout.DatasetFolder(Workplace.Dataset.Name, Workplace.Dataset.Version)}/{_manifest.Splits["test"].Shards[0].File.Name}";
        var bytes = await _place.BytesAsync(shard);
        bytes[700] ^= 1;
        await _place.Store.WriteAsync(shard, new MemoryStream(bytes), default);

        Assert.Equal(ExitCode.JobIsWrong, await _place.RunAsync(Job("embed-a")));
    }

    private async Task<(EmbedJobResult Result, byte[] File)> EmbedAsync(string step)
    {
        var job = Job(step);
        Assert.Equal(ExitCode.Done, await _place.RunAsync(job));
        var result = await _place.ResultAsync<EmbedJobResult>(job);
        return (result, await _place.BytesAsync($"{BlobLayout.Attempt(Workplace.RunId, step, 1)}/{result.Part.Name}"));
    }

    private EmbedJob Job(string step) =>
        new(Workplace.RunId, step, Workplace.Dataset, Model, _weights.Sha256, Part: 0, [_manifest.Splits["test"].Shards[0].File.Name]);
}
