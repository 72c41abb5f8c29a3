using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data;

/// <summary>Finds datasets and their splits in the store.</summary>
internal static class Datasets
{
    internal static async Task<DatasetManifest> ManifestAsync(JobSurroundings context, DatasetRef dataset)
    {
        var name = BlobLayout.DatasetManifest(dataset.Name, dataset.Version);
        return await context.Store.FindJsonAsync<DatasetManifest>(name, context.Abort)
            ?? throw new BadInputException($"There is no dataset {dataset.Name} version {dataset.Version}: '{name}' is missing.");
    }

    /// <summary>Batches of a split, made as a recipe trains.</summary>
    /// <param name="split"><see cref="SplitPlan.Train"/> or <see cref="SplitPlan.Test"/>.</param>
    /// <param name="plan">Which part of which batches.</param> <param name="device">Where they are wanted.</param>
    internal static async Task<IBatchSource> BatchesAsync(
        JobSurroundings context, DatasetManifest manifest, string split, Recipe recipe, BatchPlan plan, Device device)
    {
        var settings = DataSettings.FromEnvironment().SharedBy(context.Launch.Topology.Devices);
        var pictures = await PicturesAsync(context, manifest, split, recipe.Image, settings);
        try
        {
            return new PrefetchedBatches(pictures, plan, new BadImages(manifest.Source.OnBadImage, context.Log), settings.Threads, device);
        }
        catch
        {
            pictures.Dispose();
            throw;
        }
    }

    /// <summary>The pictures of a split, for training to vary.</summary>
    /// <param name="split"><see cref="SplitPlan.Train"/> or <see cref="SplitPlan.Test"/>.</param>
    internal static Task<PictureSet> PicturesAsync(
        JobSurroundings context, DatasetManifest manifest, string split, ImageRecipe recipe, DataSettings settings) =>
        OpenAsync(context, manifest, ShardsOf(manifest, split), recipe, cropped: recipe.Augmentation.RandomResizedCrop is not null, settings);

    /// <summary>All images of a split as evaluation sees them.</summary>
    /// <param name="split"><see cref="SplitPlan.Train"/> or <see cref="SplitPlan.Test"/>.</param>
    internal static Task<ImageSet> LoadAsync(JobSurroundings context, DatasetManifest manifest, string split, ImageRecipe recipe) =>
        LoadAsync(context, manifest, ShardsOf(manifest, split), recipe);

    /// <summary>All images of some shards as evaluation sees them.</summary>
    internal static async Task<ImageSet> LoadAsync(JobSurroundings context, DatasetManifest manifest, IReadOnlyList<DatasetShard> shards, ImageRecipe recipe)
    {
        var settings = DataSettings.FromEnvironment();
        var pictures = await OpenAsync(context, manifest, shards, recipe, cropped: false, settings);
        return new ImageSet(pictures, context.Log, settings.Threads);
    }

    private static DatasetShard[] ShardsOf(DatasetManifest manifest, string split) =>
        manifest.Splits.TryGetValue(split, out var found) ? found.Shards : throw new BadInputException($"Dataset {manifest.Name} has no split '{split}'.");

    private static async Task<PictureSet> OpenAsync(
        JobSurroundings context, DatasetManifest manifest, IReadOnlyList<DatasetShard> shards, ImageRecipe recipe, bool cropped, DataSettings settings)
    {
        var index = await ShardIndex.OpenAsync(
            context, BlobLayout.DatasetFolder(manifest.Name, manifest.Version), shards, manifest.Classes.Length, recipe.ExifOrientation is true, settings);
        try
        {
            var pictures = PictureSets.Open(index, recipe, cropped, settings, context);
            context.Log.ImagesFound(
                pictures.Count,
                shards.Count,
                cropped ? recipe.TrainingSize() : recipe.Size,
                pictures is HeldPictures ? "held in memory" : "read from their shards as they are needed");
            return pictures;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }
}
