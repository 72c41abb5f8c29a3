using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;

namespace LznPipeline.GpuJob.Data;

/// <summary>Turns a source of images into shards and a manifest. Every image is decoded once, so training never meets a broken one.</summary>
internal static class PrepareDataset
{
    /// <summary>Images that a thread has in memory at a time.</summary>
    private const int AtOnce = 16;

    internal static async Task<PrepareJobResult> RunAsync(PrepareJob job, JobContext context)
    {
        var settings = DataSettings.FromEnvironment();
        using var source = await ImageSource.OpenAsync(job.Source.Source, context.Store, context.Hard);
        var plan = SplitPlan.Make(source.Listing, job.Source);
        context.Log.SourceListed(source.Listing.Images.Count, plan.Classes.Length, job.Source.Source, plan.Splits.Values.Sum(images => images.Count));

        var (splits, skipped) = (new SortedDictionary<string, DatasetSplit>(StringComparer.Ordinal), new List<SkippedImage>());
        foreach (var (name, images) in plan.Splits)
        {
            using var writer = new SplitWriter(name, plan.Classes, context);
            foreach (var (done, some) in images.Chunk(AtOnce * settings.Threads).Select((some, part) => (part * AtOnce * settings.Threads, some)))
            {
                context.ThrowIfStopRequested();
                context.Report(new JobProgress($"write {name}", done, images.Count));
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

        Check(splits, plan.Classes);
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
            throw new BadInputException($"Image '{image.Path}' of '{request.Source}' cannot be used: {reason}. Repair or remove it, or set dataset.onBadImage to skip.");
        context.Log.ImageSkipped(image.Path, reason);
        return new SkippedImage(image.Path, reason);
    }

    /// <exception cref="BadInputException">So many images were left out that no dataset is left.</exception>
    private static void Check(SortedDictionary<string, DatasetSplit> splits, string[] classes)
    {
        if (splits[SplitPlan.Test].Images == 0)
            throw new BadInputException("No image is left for the test split.");
        SplitPlan.CheckTrain(classes, classes.Where((_, label) => splits[SplitPlan.Train].ImagesPerClass[label] > 0));
    }
}
