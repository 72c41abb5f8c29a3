using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Win32.SafeHandles;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>Where every sample of a split lies, by its number; and the open shards. Any number of threads may read at once.</summary>
internal sealed class ShardIndex : IDisposable
{
    /// <summary>Each shard is in memory once while it is checked.</summary>
    private const int MaxShardsAtOnce = 8;

    private readonly DatasetShard[] _shards;
    private readonly SafeFileHandle?[] _files;
    private readonly ShardEntry[] _entries;

    private readonly bool _upright;

    private ShardIndex(DatasetShard[] shards, bool upright)
    {
        (_shards, _files, _upright) = (shards, new SafeFileHandle?[shards.Length], upright);
        _entries = new ShardEntry[shards.Sum(shard => shard.Images)];
    }

    internal int Count => _entries.Length;

    internal IReadOnlyList<ShardEntry> Entries => _entries;

    internal ref readonly ShardEntry this[int number] => ref _entries[number];

    /// <summary>Checks the shards against the manifest, and finds their samples.</summary>
    /// <param name="folder">The dataset's blob prefix.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="upright">Whether pictures will be turned as their EXIF orientation says.</param>
    /// <exception cref="BadInputException">A shard is missing or does not fit the manifest.</exception>
    internal static async Task<ShardIndex> OpenAsync(
        JobSurroundings context, string folder, IReadOnlyList<DatasetShard> shards, int classes, bool upright, DataSettings settings)
    {
        var index = new ShardIndex([.. shards], upright);
        try
        {
            var files = new ShardFiles(context.Store, settings.CacheFolder);
            var done = 0;
            var together = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(settings.Threads, MaxShardsAtOnce), CancellationToken = context.Abort };
            await Parallel.ForAsync(0, shards.Count, together, async (shard, stop) =>
            {
                context.ThrowIfStopRequested();
                var name = BlobLayout.In(folder, shards[shard].File.Name);
                (index._files[shard], var content) = await files.OpenAsync(name, shards[shard].File, stop);
                index.Add(shard, name, content, classes);
                context.Report(new JobProgress("check shards", Interlocked.Increment(ref done), shards.Count));
            });
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="bytes"/> with a part of a shard.</summary>
    /// <exception cref="InvalidDataException">The shard became shorter since it was checked.</exception>
    internal void Read(int shard, ShardPart part, Span<byte> bytes)
    {
        for (var done = 0; done < part.Length;)
        {
            var read = RandomAccess.Read(_files[shard]!, bytes[done..part.Length], part.Offset + done);     // every file is open once the index is made
            done += read > 0 ? read : throw new InvalidDataException($"Shard '{_shards[shard].File.Name}' became shorter while it was in use.");
        }
    }

    /// <summary>Where a sample's image came from.</summary>
    internal string PathOf(int number)
    {
        var entry = _entries[number];
        var json = new byte[entry.Origin.Length];
        Read(entry.Shard, entry.Origin, json);
        return SampleOrigin.Parse(json, _shards[entry.Shard].File.Name).Path;
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file?.Dispose();
    }

    private void Add(int shard, string name, byte[] content, int classes)
    {
        var first = _shards.Take(shard).Sum(earlier => earlier.Images);
        var (number, end) = (first, first + _shards[shard].Images);
        foreach (var sample in ShardReader.Read(name, content))
        {
            if (number == end || sample.Label >= classes)
                throw new BadInputException($"Shard '{name}' does not fit its manifest: {end - first} images of labels below {classes} were expected.");
            var (width, height) = Measure(content.AsSpan(sample.Image.Offset, sample.Image.Length));
            _entries[number++] = new ShardEntry(shard, sample.Image, sample.Origin, sample.Label, width, height);
        }

        if (number != end)
            throw new BadInputException($"Shard '{name}' holds {number - first} images, its manifest says {end - first}.");
    }

    private (int Width, int Height) Measure(ReadOnlySpan<byte> file)
    {
        try
        {
            return PictureDecoder.Measure(file, _upright);
        }
        catch (BadImageException)
        {
            return default;     // whether that matters is for whoever reads it
        }
    }
}

/// <summary>Where a sample lies.</summary>
/// <param name="Shard">Number of its shard.</param>
/// <param name="Image">The image file in it.</param> <param name="Origin">KEY.json in it.</param>
/// <param name="Width">Of the image as its header tells, upright if it will be turned; 0 when the header is damaged.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShardEntry(int Shard, ShardPart Image, ShardPart Origin, int Label, int Width, int Height);
