using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Shards;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data;

/// <summary>Turns a source of images into shards and a manifest. Every image is decoded once, so training never meets a broken one.</summary>
internal static class PrepareDataset
{
    internal static async Task<PrepareJobResult> RunAsync(PrepareJob job, JobContext context)
    {
        using var source = await ImageSource.OpenAsync(job.Source.Source, context.Store, context.Hard);
        var skipped = new List<SkippedImage>();
        var listed = source.List();
        var plan = SplitPlan.Make(listed, job.Source);
        context.Log.SourceListed(listed.Count, plan.Classes.Length, job.Source.Source, plan.Splits.Values.Sum(images => images.Count));

        plan = WithoutBroken(source, plan, job.Source, skipped, context);
        var splits = new SortedDictionary<string, DatasetSplit>(StringComparer.Ordinal);
        foreach (var (name, images) in plan.Splits)
            splits[name] = await WriteAsync(source, name, images, plan.Classes, context);
        return new PrepareJobResult(new DatasetManifest
        {
            Name = job.Dataset.Name,
            Version = job.Dataset.Version,
            Source = job.Source,
            Classes = plan.Classes,
            Splits = splits,
            Skipped = [.. skipped],
        });
    }

    /// <summary>Decodes every chosen image. A broken one fails the job, or is left out and its place in the split lost.</summary>
    private static SplitPlan WithoutBroken(ImageSource source, SplitPlan plan, DatasetRequest request, List<SkippedImage> skipped, JobContext context)
    {
        var (done, total) = (0L, plan.Splits.Values.Sum(images => images.Count));
        return plan.Where(image =>
        {
            context.ThrowIfStopRequested();
            context.Report(new JobProgress("check images", ++done, total));
            if (Problem(source, image) is not { } reason)
                return true;
            if (request.OnBadImage is BadImagePolicy.Fail)
                throw new BadInputException($"Image '{image.Path}' of '{request.Source}' cannot be used: {reason}. Repair or remove it, or set dataset.onBadImage to skip.");
            context.Log.ImageSkipped(image.Path, reason);
            skipped.Add(new SkippedImage(image.Path, reason));
            return false;
        });
    }

    private static string? Problem(ImageSource source, SourceImage image)
    {
        try
        {
            _ = Picture.Decode(source.Read(image));
            return null;
        }
        catch (BadImageException bad)
        {
            return bad.Message;
        }
    }

    private static async Task<DatasetSplit> WriteAsync(ImageSource source, string split, IReadOnlyList<SourceImage> images, string[] classes, JobContext context)
    {
        var shards = new List<DatasetShard>();
        var writer = new ShardWriter();
        try
        {
            for (var index = 0; index < images.Count; index++)
            {
                context.ThrowIfStopRequested();
                context.Report(new JobProgress($"write {split}", index, images.Count));
                var image = images[index];
                writer.Add($"{index:D8}", image.Ending, source.Read(image), Array.IndexOf(classes, image.Class), image.Path);
                if (!writer.IsFull && index < images.Count - 1)
                    continue;
                var file = await context.WriteAsync(BlobLayout.Shard(split, shards.Count), writer.Finish());
                context.Log.ShardWritten(file.Name, writer.Images, file.SizeBytes);
                shards.Add(new DatasetShard(file, writer.Images));
                writer.Dispose();
                writer = new ShardWriter();
            }
        }
        finally
        {
            writer.Dispose();
        }

        return new DatasetSplit(images.Count, [.. classes.Select(name => images.LongCount(image => image.Class == name))], [.. shards]);
    }
}
