using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data;

/// <summary>Images of a dataset, decoded and held as bytes in memory: 3 S^2 bytes each.</summary>
internal sealed class ImageSet : IDisposable
{
    private readonly Tensor _pixels;
    private readonly Tensor _labels;

    /// <param name="pixels">uint8 [N, 3, S, S]; owned from here on.</param> <param name="labels">int64 [N]; owned from here on.</param>
    internal ImageSet(Tensor pixels, Tensor labels, IReadOnlyList<string> paths) => (_pixels, _labels, Paths) = (pixels, labels, paths);

    internal long Count => _labels.shape[0];

    /// <summary>Where each image came from.</summary>
    internal IReadOnlyList<string> Paths { get; }

    /// <summary>int64 [N].</summary>
    internal Tensor Labels => _labels;

    /// <summary>Reads shards of a dataset and checks each against the manifest.</summary>
    /// <param name="folder">The dataset's blob prefix.</param>
    internal static async Task<ImageSet> LoadAsync(JobContext context, string folder, IReadOnlyList<DatasetShard> shards, int size, int classes)
    {
        var count = shards.Sum(shard => shard.Images);
        var pixels = new byte[count * Picture.Channels * size * size];
        var (labels, paths) = (new long[count], new List<string>((int)count));
        foreach (var shard in shards)
        {
            var name = $"{folder}/{shard.File.Name}";
            foreach (var sample in ShardReader.Read(name, (await BytesAsync(context.Store, name, shard.File, context.Hard)).ToStream()))
            {
                context.ThrowIfStopRequested();
                if (paths.Count == count || sample.Label >= classes)
                    throw new BadInputException($"Shard '{name}' does not fit its manifest: {count} images of labels below {classes} were expected.");
                Resize.ToSquarePlanes(Picture.Decode(sample.Image), size).CopyTo(pixels.AsSpan(paths.Count * Picture.Channels * size * size));
                labels[paths.Count] = sample.Label;
                paths.Add(sample.Path);
            }
        }

        return paths.Count == count
            ? new ImageSet(tensor(pixels, [count, Picture.Channels, size, size]), tensor(labels), paths)
            : throw new BadInputException($"The shards below '{folder}' hold {paths.Count} images, their manifest says {count}.");
    }

    /// <summary>Images as a network takes them.</summary>
    /// <param name="indexes">int64 [B].</param>
    /// <returns>float32 [B, 3, S, S] in [-1, 1].</returns>
    internal Tensor Images(Tensor indexes) => _pixels.index_select(0, indexes).to_type(ScalarType.Float32) / 127.5 - 1;

    public void Dispose()
    {
        _pixels.Dispose();
        _labels.Dispose();
    }

    private static async Task<BinaryData> BytesAsync(ArtifactStore store, string name, StoredFile expected, CancellationToken stop)
    {
        var found = await store.FindAsync(name, stop) ?? throw new BadInputException($"The dataset lacks its shard '{name}'.");
        return ContentHash.Sha256(found.Content.ToMemory().Span) == expected.Sha256
            ? found.Content
            : throw new BadInputException($"Shard '{name}' has not the SHA-256 that its manifest says: it was changed or damaged.");
    }
}
