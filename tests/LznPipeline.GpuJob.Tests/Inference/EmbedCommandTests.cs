using System.Text.Json;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Inference;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Checkpoints;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Parquet;
using Parquet.Schema;

namespace LznPipeline.GpuJob.Tests.Inference;

public sealed class EmbedCommandTests : IDisposable
{
    private static readonly ModelRef Registered = new("stripes", "m1");

    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task Embed_ShardOfADataset_GivesWhatTheJobGives()
    {
        var manifest = await _desk.Place.PublishDatasetAsync(perClass: 30, classes: 3);
        var model = _desk.Model();
        var weights = await File.ReadAllBytesAsync(model);
        await _desk.Place.Store.WriteAsync(BlobLayout.ModelWeights(Registered.Name, Registered.Version), new MemoryStream(weights), default);
        var shard = manifest.Splits["test"].Shards[0].File.Name;
        var job = new EmbedJob(Workplace.RunId, "embed", Workplace.Dataset, Registered, ContentHash.Sha256(weights), Part: 0, [shard]);
        Assert.Equal(ExitCode.Done, await _desk.Place.RunAsync(job));

        await Desk.DoAsync(
            "embed",
            model,
            _desk.At($"store/{BlobLayout.DatasetFolder(Workplace.Dataset.Name, Workplace.Dataset.Version)}/{shard}"),
            "--output",
            _desk.At("here.parquet"));

        var theirs = await ReadAsync(_desk.At($"store/{BlobLayout.Attempt(Workplace.RunId, job.Step, 1)}/{BlobLayout.EmbeddingPart(0)}"));
        var ours = await ReadAsync(_desk.At("here.parquet"));
        Assert.NotEmpty(theirs.Vectors);
        Assert.Equal(theirs.Ids.Length, ours.Ids.Length);
        Assert.Equal(theirs.Columns, ours.Columns);
        Assert.Equal(theirs.Vectors, ours.Vectors);
        Assert.Equal(theirs.Predicted, ours.Predicted);
        Assert.Contains(job.WeightsSha256, ours.Identity, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_AnyBatchSize_GivesTheSameVectors()
    {
        var (model, source) = (_desk.Model(), _desk.Place.Source());

        foreach (var size in new[] { "1", "5", "64" })
            await Desk.DoAsync("embed", model, source, "--batch-size", size, "--output", _desk.At($"{size}.parquet"));

        var (one, five, all) = (await ReadAsync(_desk.At("1.parquet")), await ReadAsync(_desk.At("5.parquet")), await ReadAsync(_desk.At("64.parquet")));
        Assert.Equal((24, 24 * 6), (all.Ids.Length, all.Vectors.Length));
        Assert.Equal((24 * 6, 24 * 6), (one.Vectors.Length, five.Vectors.Length));
        Assert.All(one.Vectors.Zip(all.Vectors), pair => Assert.Equal(pair.First, pair.Second, 1e-5));        // rounding
        Assert.All(five.Vectors.Zip(all.Vectors), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(all.Predicted, one.Predicted);
    }

    [Fact]
    public async Task Embed_SeveralInputs_KeepTheirOrderAndNames()
    {
        var (image, folder, tar) = (
            _desk.Image("z/one.png"),
            _desk.Place.Source(perClass: 2),
            _desk.Place.Tar(("cat/2.png", Pictures.Stripes(0, 1)), ("cat/1.png", Pictures.Stripes(1, 1))));

        await Desk.DoAsync("embed", _desk.Model(), tar, image, $"{folder}/", "--output", _desk.At("x.parquet"));

        Assert.Equal(
            [
                $"{tar}/cat/1.png", $"{tar}/cat/2.png", image,
                $"{folder}/across/000.png", $"{folder}/across/001.png", $"{folder}/down/000.png", $"{folder}/down/001.png"
            ],
            (await ReadAsync(_desk.At("x.parquet"))).Ids);
    }

    [Fact]
    public async Task Embed_JsonLines_HaveTheSameColumns()
    {
        var source = _desk.Place.Source(perClass: 2);

        await Desk.DoAsync("embed", _desk.Model(), source, "--output", _desk.At("x.jsonl"));

        var row = JsonElement.Parse((await File.ReadAllLinesAsync(_desk.At("x.jsonl")))[2]);
        Assert.Equal(["id", "split", "label", "class", "predicted", "embedding"], row.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ("down/000.png", 1, "down", 6),
            (row.GetProperty("id").GetString(), row.GetProperty("label").GetInt32(),
                row.GetProperty("class").GetString(), row.GetProperty("embedding").GetArrayLength()));
    }

    [Fact]
    public async Task Embed_BrokenImage_IsLeftOutOnlyIfAsked()
    {
        var (model, source) = (_desk.Model(), _desk.Place.Source(perClass: 3));
        _desk.File("source/across/001.png", Pictures.Stripes(0, 1)[..60]);

        await _desk.RefuseAsync("embed", model, source, "--output", _desk.At("x.parquet"));
        await Desk.DoAsync("embed", model, source, "--output", _desk.At("x.parquet"), "--on-bad-image", "skip", "--batch-size", "2");

        Assert.Equal(["across/000.png", "across/002.png", "down/000.png", "down/001.png", "down/002.png"], (await ReadAsync(_desk.At("x.parquet"))).Ids);
    }

    [Fact]
    public async Task Embed_NothingButBrokenImages_IsRefused()
    {
        var broken = _desk.File("broken.png", [1, 2, 3]);

        await _desk.RefuseAsync("embed", _desk.Model(), broken, "--on-bad-image", "skip", "--output", _desk.At("x.parquet"));
    }

    [Fact]
    public async Task Embed_FileThatIsThere_IsReplacedOnlyByForce()
    {
        var (model, image, file) = (_desk.Model(), _desk.Image(), _desk.File("x.parquet", [1]));

        await _desk.RefuseAsync("embed", model, image, "--output", file);
        Assert.Single(await File.ReadAllBytesAsync(file));

        await Desk.DoAsync("embed", model, image, "--output", file, "--force");
        Assert.Equal([image], (await ReadAsync(file)).Ids);
    }

    [Theory]
    [InlineData("missing.safetensors", "one.png", "x.parquet")]
    [InlineData("one.png", "one.png", "x.parquet")]
    [InlineData("", "one.png", "x.parquet")]
    [InlineData("Joint.safetensors", "missing.png", "x.parquet")]
    [InlineData("Joint.safetensors", "empty", "x.parquet")]
    [InlineData("Joint.safetensors", "notes.txt", "x.parquet")]
    [InlineData("Joint.safetensors", "one.png", "nowhere/x.parquet")]
    [InlineData("Joint.safetensors", "one.png", "x.npy")]
    [InlineData("Joint.safetensors", "one.png", "x.parquet", "--batch-size", "0")]
    [InlineData("Joint.safetensors", "one.png", "x.parquet", "--reference", "missing")]
    [InlineData("Joint.safetensors", "one.png", "x.parquet", "--job", "job.json")]
    public async Task Embed_WhatIsOfNoUse_IsRefusedAndLeavesNothing(string model, string input, string output, params string[] more)
    {
        _desk.Model();
        _desk.Image();
        _desk.File("notes.txt", [1, 2, 3]);
        Directory.CreateDirectory(_desk.At("empty"));

        await _desk.RefuseAsync(["embed", _desk.At(model), _desk.At(input), "--output", _desk.At(output), .. more]);
    }

    [Fact]
    public async Task Embed_TrainingStateOrFileOfPytorch_OnlyTheFirstIsAModel()
    {
        using var checkpoint = new TinyCheckpoint();
        checkpoint.Export();
        var image = _desk.Image();

        await Desk.DoAsync("embed", checkpoint.Ours, image, "--output", _desk.At("x.parquet"));
        await _desk.RefuseAsync("embed", checkpoint.Torch, image, "--output", _desk.At("y.parquet"));

        Assert.Contains(
            "checkpoint import",
            Assert.Throws<BadInputException>(() => ModelFile.Open(checkpoint.Torch, TorchSharp.torch.CPU)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_TheSameInputTwice_IsRefused()
    {
        var image = _desk.Image();

        await _desk.RefuseAsync("embed", _desk.Model(), image, image, "--output", _desk.At("x.parquet"));
    }

    private static async Task<Table> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(File.OpenRead(path), leaveStreamOpen: false);
        using var rows = reader.OpenRowGroupReader(0);
        var (ids, predicted) = (new string?[rows.RowCount], new string?[rows.RowCount]);
        await rows.ReadAsync((DataField)reader.Schema.FindDataField("id"), ids);
        await rows.ReadAsync((DataField)reader.Schema.FindDataField("predicted"), predicted);
        var element = reader.Schema.DataFields[^1];
        var vectors = new float[rows.GetMetadata(element)!.MetaData!.NumValues];
        await rows.ReadRawAsync<float>(element, vectors, definitionLevels: new int[vectors.Length], repetitionLevels: new int[vectors.Length], default);
        return new Table([.. reader.Schema.Fields.Select(field => field.Name)], ids!, predicted, vectors, reader.CustomMetadata[EmbeddingFile.IdentityKey]);
    }

    private sealed record Table(string[] Columns, string[] Ids, string?[] Predicted, float[] Vectors, string Identity);
}
