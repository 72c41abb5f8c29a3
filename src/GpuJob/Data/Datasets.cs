using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data;

/// <summary>Finds datasets and their splits in the store.</summary>
internal static class Datasets
{
    internal static async Task<DatasetManifest> ManifestAsync(JobContext context, DatasetRef dataset)
    {
        var name = BlobLayout.DatasetManifest(dataset.Name, dataset.Version);
        return await context.Store.FindJsonAsync<DatasetManifest>(name, context.Hard)
            ?? throw new BadInputException($"There is no dataset {dataset.Name} version {dataset.Version}: '{name}' is missing.");
    }

    /// <summary>All images of a split, in memory.</summary>
    /// <param name="split"><see cref="SplitPlan.Train"/> or <see cref="SplitPlan.Test"/>.</param>
    internal static async Task<ImageSet> LoadAsync(JobContext context, DatasetManifest manifest, string split, int size)
    {
        var shards = manifest.Splits.TryGetValue(split, out var found) ? found.Shards : throw new BadInputException($"Dataset {manifest.Name} has no split '{split}'.");
        var images = await ImageSet.LoadAsync(context, BlobLayout.DatasetFolder(manifest.Name, manifest.Version), shards, size, manifest.Classes.Length);
        context.Log.ImagesRead(images.Count, split, size);
        return images;
    }
}
