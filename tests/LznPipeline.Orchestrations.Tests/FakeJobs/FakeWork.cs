using System.Text;
using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Orchestrations.Tests.FakeJobs;

/// <summary>Outputs of the right shape, which depend on the job's input alone.</summary>
internal sealed class FakeWork(ArtifactStore store, JobSpec job, int attempt)
{
    internal const int TrainShards = 3;
    internal const int ImagesPerShard = 10;

    private static readonly CancellationToken Stop = CancellationToken.None;

    internal async Task<FakeSource> SourceAsync() => new(job is PrepareJob prepare ? prepare.Source.Source : (await DatasetAsync()).Source.Source);

    internal async Task WriteResultAsync()
    {
        var result = await ResultAsync();
        await WriteAsync("result.json", JsonSerializer.Serialize(result, LznJson.Readable));
    }

    private async Task<JobResult> ResultAsync() => job switch
    {
        PrepareJob prepare => await PrepareAsync(prepare),
        TrainJob train => new TrainJobResult(
            await WriteAsync("model.safetensors", $"weights of {ContentHash.Version(train.Recipe)} on {train.Dataset} by {train.Seed}"), 600, 0.1, 100, 1),
        EvaluateJob evaluate => await EvaluateAsync(evaluate),
        EmbedJob embed => await EmbedAsync(embed),
        _ => throw new NotSupportedException($"{job}"),
    };

    private async Task<EvaluateJobResult> EvaluateAsync(EvaluateJob evaluate) => new(
        new SortedDictionary<string, double> { [MetricNames.Accuracy] = 0.9 },
        new PrimaryMetric(MetricNames.Accuracy, LowerIsBetter: false, MeasuredWith: null),
        await WriteAsync(BlobLayout.ReportFile, $"report of {evaluate.Weights}, curves of {evaluate.Curves}"),
        [await WriteAsync("samples/by-class.png", $"picture of {evaluate.Weights}")]);

    private async Task<PrepareJobResult> PrepareAsync(PrepareJob prepare) => new(new DatasetManifest
    {
        Name = prepare.Dataset.Name,
        Version = prepare.Dataset.Version,
        Source = prepare.Source,
        Classes = ["a", "b"],
        Splits = new SortedDictionary<string, DatasetSplit> { ["test"] = await SplitAsync("test", 1), ["train"] = await SplitAsync("train", TrainShards) },
        Skipped = [],
    });

    private async Task<DatasetSplit> SplitAsync(string split, int shards)
    {
        var written = new DatasetShard[shards];
        for (var index = 0; index < shards; index++)
            written[index] = new DatasetShard(await WriteAsync(BlobLayout.Shard(split, index), $"{split} {index}"), ImagesPerShard);
        return new DatasetSplit(shards * ImagesPerShard, [shards * ImagesPerShard / 2, shards * ImagesPerShard / 2], written);
    }

    private async Task<EmbedJobResult> EmbedAsync(EmbedJob embed)
    {
        var file = await WriteAsync("part.parquet", $"{embed.Model} {string.Join(' ', embed.Shards)}");
        return new EmbedJobResult(
            file,
            embed.Shards.Length * ImagesPerShard,
            new EmbeddingIdentity(embed.Model, embed.WeightsSha256, ContentHash.Sha256("32"u8), 64, "float32", "none"));
    }

    private Task<DatasetManifest> DatasetAsync()
    {
        var dataset = job switch
        {
            TrainJob train => train.Dataset,
            EvaluateJob evaluate => evaluate.Dataset,
            EmbedJob embed => embed.Dataset,
            _ => throw new NotSupportedException($"{job}"),
        };
        return store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), Stop);
    }

    private async Task<StoredFile> WriteAsync(string name, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        using var stream = new MemoryStream(content);
        await store.WriteAsync($"{BlobLayout.Attempt(job.RunId, job.Step, attempt)}/{name}", stream, Stop);
        return new StoredFile(name, content.Length, ContentHash.Sha256(content));
    }
}
