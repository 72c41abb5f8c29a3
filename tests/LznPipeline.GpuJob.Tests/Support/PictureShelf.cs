using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A published dataset of any files, also broken ones; and what reads it.</summary>
internal sealed class PictureShelf : IDisposable
{
    private const int PerShard = 10;

    private readonly Workplace _place = new();
    private DatasetManifest? _manifest;
    private JobStatusLease? _cell;

    internal Workplace Place => _place;

    internal DatasetManifest Manifest => _manifest!;        // made first in every test

    /// <summary>Publishes a train split, ten files a shard; labels are 0, 1, 0, 1 and so on.</summary>
    internal async Task PublishAsync(params byte[][] files)
    {
        var shards = new List<DatasetShard>();
        foreach (var (part, number) in files.Select((file, index) => (file, index)).Chunk(PerShard).Select((part, number) => (part, number)))
        {
            using var writer = new ShardWriter();
            foreach (var (file, index) in part)
                writer.Add($"{index:D8}", ".jpg", file, index % 2, $"{(index % 2 == 0 ? "even" : "odd")}/{index}.jpg");
            var content = writer.Finish();
            var name = BlobLayout.Shard(SplitPlan.Train, number);
            await _place.Store.WriteAsync(
                $"{BlobLayout.DatasetFolder(Workplace.Dataset.Name, Workplace.Dataset.Version)}/{name}", new MemoryStream(content), default);
            shards.Add(new DatasetShard(new StoredFile(name, content.Length, ContentHash.Sha256(content)), part.Length));
        }

        _manifest = new DatasetManifest
        {
            Name = Workplace.Dataset.Name,
            Version = Workplace.Dataset.Version,
            Source = Workplace.Request("memory"),
            Classes = ["even", "odd"],
            Splits = new() { [SplitPlan.Train] = new DatasetSplit(files.Length, [(files.Length + 1) / 2, files.Length / 2], [.. shards]) },
            Skipped = [],
        };
    }

    internal static DataSettings Settings(int threads = 2, bool held = true, string? cache = null) => new(threads, held ? 1 << 30 : 0, cache);

    internal async Task<JobContext> ContextAsync(ArtifactStore? store = null)
    {
        var job = Workplace.Train(Workplace.TinyRecipe());
        _cell ??= await JobStatusLease.ClaimAsync(_place.Store, job, attempt: 1, default);
        return new JobContext(store ?? _place.Store, job, _cell, NullLogger.Instance, graceful: default, abort: default);
    }

    internal async Task<PictureSet> OpenAsync(ImageRecipe recipe, DataSettings? settings = null, ArtifactStore? store = null) =>
        await Datasets.PicturesAsync(await ContextAsync(store), Manifest, SplitPlan.Train, recipe, settings ?? Settings());

    /// <summary>What a batch source gives for some iterations: for each its views' and labels' bytes as a hash.</summary>
    internal static string[] Hashes(IBatchSource batches, params long[] iterations) => [.. iterations.Select(iteration => Hash(batches.At(iteration)))];

    internal static string Hash(Batch batch)
    {
        using var scope = NewDisposeScope();
        return string.Join(' ', batch.Views.Append(batch.Labels).Select(tensor => ContentHash.Sha256(tensor.bytes)));
    }

    internal static BadImages Tolerant(BadImagePolicy policy = BadImagePolicy.Fail) => new(policy, NullLogger.Instance);

    public void Dispose()
    {
        _cell?.Dispose();
        _place.Dispose();
    }
}
