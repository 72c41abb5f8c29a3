using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data;

/// <summary>Turns a source of images into shards and a manifest. Every image is decoded once, so training never meets a broken one.</summary>
internal static class PrepareDataset
{
    /// <summary>Images that a thread has in memory at a time.</summary>
    private const int AtOnce = 16;

    internal static async Task<PrepareJobResult> RunAsync(PrepareJob job, JobContext context)
    {
        var settings = DataSettings.FromEnvironment();
        using var source = await ImageSource.OpenAsync(job.Source.Source, context.Store, context.Abort);
        var listing = source.Listing.WithoutUnlabelledSplits();
        var plan = SplitPlan.Make(listing, job.Source);
        context.Log.SourceListed(
            listing.Images.Count, plan.Classes.Length, job.Source.Source, listing.Layout, plan.Splits.Values.Sum(images => images.Count));
        var leftOut = string.Join(", ", source.Listing.LeftOut.Select(each => $"{each.Value} {each.Key}"));
        if (leftOut.Length > 0)
            context.Log.FilesLeftOut(leftOut);

        var splits = new SortedDictionary<string, DatasetSplit>(StringComparer.Ordinal);
        var skipped = plan.Unlabelled.Select(image => Skip(image, "it has no label", job.Source, context)).ToList();
        foreach (var (name, chosen) in plan.Splits)
        {
            using var writer = new SplitWriter(name, plan.Classes, context);
            foreach (var (done, some) in chosen.Chunk(AtOnce * settings.Threads).Select((some, part) => (part * AtOnce * settings.Threads, some)))
            {
                context.ThrowIfStopRequested();
                context.Report(new JobProgress($"write {name}", done, chosen.Count));
                foreach (var (image, file, problem) in Read(some, settings))
                {
                    if (problem is null)
                        await writer.AddAsync(image, file);
                    else
                        skipped.Add(Skip(image, problem, job.Source, context));
                }
            }

            splits[name] = await writer.FinishAsync();
        }

        if (splits.FirstOrDefault(split => split.Value.Images == 0) is { Key: { } empty })
            throw new BadInputException($"No image is left for the {empty} split.");
        plan.CheckTrain(plan.Classes.Where((_, label) => splits[SplitPlan.Train].ImagesPerClass[label] > 0));
        var images = splits.Values.Sum(split => split.Images);
        context.Report(new JobProgress(leftOut.Length > 0 ? $"written; left out: {leftOut}" : "written", images, images));
        return new PrepareJobResult(new DatasetManifest
        {
            Name = job.Dataset.Name,
            Version = job.Dataset.Version,
            Source = job.Source,
            Classes = plan.Classes,
            Splits = splits,
            Skipped = [.. skipped],
            LeftOut = source.Listing.LeftOut,
        });
    }

    /// <summary>Reads and decodes some images, in their order.</summary>
    private static (SourceImage Image, byte[] File, string? Problem)[] Read(SourceImage[] images, DataSettings settings)
    {
        var read = new (SourceImage Image, byte[] File, string? Problem)[images.Length];
        Together.Do(images.Length, settings.Threads, () => new PictureDecoder(), (index, decoder) =>
        {
            try
            {
                var file = images[index].Read();
                _ = decoder.Decode(file);
                read[index] = (images[index], file, null);
            }
            catch (BadImageException bad)
            {
                read[index] = (images[index], [], bad.Message);
            }
        });
        return read;
    }

    /// <summary>A broken image is left out, its place in the split lost.</summary>
    /// <exception cref="BadInputException">It is not to be left out.</exception>
    private static SkippedImage Skip(SourceImage image, string reason, DatasetRequest request, JobContext context)
    {
        if (request.OnBadImage is BadImagePolicy.Fail)
            throw new BadInputException(
                $"Image '{image.Path}' of '{request.Source}' cannot be used: {reason}. Repair or remove it, or set dataset.onBadImage to skip.");
        context.Log.ImageSkipped(image.Path, reason);
        return new SkippedImage(image.Path, reason);
    }
}

/// <summary>Writes the shards of a split, one after the other.</summary>
internal sealed class SplitWriter(string split, string[] classes, JobContext context) : IDisposable
{
    private readonly Dictionary<string, int> _labels = classes
        .Select((name, label) => (name, label)).ToDictionary(each => each.name, each => each.label, StringComparer.Ordinal);
    private readonly long[] _perClass = new long[classes.Length];
    private readonly List<DatasetShard> _shards = [];
    private ShardWriter? _writer;
    private long _images;

    internal async Task AddAsync(SourceImage image, byte[] file)
    {
        var label = _labels[image.Class!];      // none without one is in a split
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
