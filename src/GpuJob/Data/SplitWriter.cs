using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data;

/// <summary>Writes the shards of a split, one after the other.</summary>
internal sealed class SplitWriter(string split, string[] classes, JobContext context) : IDisposable
{
    private readonly Dictionary<string, int> _labels = classes.Select((name, label) => (name, label)).ToDictionary(each => each.name, each => each.label, StringComparer.Ordinal);
    private readonly long[] _perClass = new long[classes.Length];
    private readonly List<DatasetShard> _shards = [];
    private ShardWriter? _writer;
    private long _images;

    internal async Task AddAsync(SourceImage image, byte[] file)
    {
        var label = _labels[image.Class];
        _writer ??= new ShardWriter();
        _writer.Add($"{_images++:D8}", image.Ending, file, label, image.Path);
        _perClass[label]++;
        if (_writer.IsFull)
            await FlushAsync();
    }

    internal async Task<DatasetSplit> FinishAsync()
    {
        await FlushAsync();
        return new DatasetSplit(_images, _perClass, [.. _shards]);
    }

    public void Dispose() => _writer?.Dispose();

    private async Task FlushAsync()
    {
        if (_writer is not { } writer)
            return;
        _writer = null;
        using (writer)
        {
            var file = await context.WriteAsync(BlobLayout.Shard(split, _shards.Count), writer.Finish());
            context.Log.ShardWritten(file.Name, writer.Images, file.SizeBytes);
            _shards.Add(new DatasetShard(file, writer.Images));
        }
    }
}
