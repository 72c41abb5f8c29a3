using System.Text.Json.Serialization;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Embedding;

/// <summary>Embeds some shards of a dataset: one row an image, in the order of shards and samples.</summary>
internal static class EmbedPart
{
    internal static async Task<EmbedJobResult> RunAsync(EmbedJob job, JobContext context)
    {
        var manifest = await Datasets.ManifestAsync(context, job.Dataset);
        var weights = BlobLayout.ModelWeights(job.Model.Name, job.Model.Version);
        await using var content = await context.FetchAsync(weights);
        var sha256 = await ContentHash.Sha256Async(content, context.Abort);
        if (sha256 != job.WeightsSha256)
            throw new BadInputException($"'{weights}' has SHA-256 {sha256}, but the job is for {job.WeightsSha256}: vectors of two models must not be mixed.");
        using var file = Checkpoint.Read(content, weights);
        using var model = file.Build(ema: true, context.Launch.Device);

        var rows = new List<EmbeddingRow>();
        var total = job.Shards.Sum(name => Find(manifest, name).Shard.Images);
        foreach (var name in job.Shards)
        {
            var (split, shard) = Find(manifest, name);
            using var images = await Datasets.LoadAsync(context, manifest, [shard], file.Recipe.Image);
            rows.AddRange(Embed(model, file, images, split, manifest.Classes, done => context.Report(new JobProgress("embed", rows.Count + done, total))));
        }

        var identity = EmbeddingRows.IdentityOf(job.Model, sha256, file.Recipe);
        var part = await context.WriteAsync(BlobLayout.EmbeddingPart(job.Part), await EmbeddingFile.BytesAsync(rows, identity, job.Dataset, context.Abort));
        context.Log.Embedded(rows.Count, identity.Dimension, part.Name);
        return new EmbedJobResult(part, rows.Count, identity);
    }

    private static (string Split, DatasetShard Shard) Find(DatasetManifest manifest, string name)
    {
        foreach (var (split, content) in manifest.Splits)
        {
            if (content.Shards.FirstOrDefault(shard => shard.File.Name == name) is { } found)
                return (split, found);
        }

        throw new BadInputException($"Dataset {manifest.Name} version {manifest.Version} has no shard '{name}'.");
    }

    private static List<EmbeddingRow> Embed(LznModel model, Checkpoint file, ImageSet images, string split, string[] classes, Action<long> done)
    {
        using var scope = NewDisposeScope();
        var anchors = Encodings.Of(model.Encoder, new ImageSample(images), done).Anchors;
        var predicted = model.Classes > 0 ? Predict(new Classifier(model, file.Recipe), anchors) : null;
        var labels = images.Labels.data<long>().ToArray();
        return [.. EmbeddingRows.Of(anchors, (index, vector) => new EmbeddingRow(
            images.PathOf(index), split, (int)labels[index], classes[labels[index]], predicted is null ? null : file.Classes[predicted[index]], vector))];
    }

    /// <summary>The label that the middle of each image's zone holds.</summary>
    private static long[] Predict(Classifier classifier, Tensor anchors) => classifier.Labels(classifier.Latents(anchors, zeros_like(anchors)));
}

/// <summary>What an embedding is, whoever asks for it: the image's anchor as it leaves the encoder.</summary>
internal static class EmbeddingRows
{
    /// <param name="anchors">[N, d].</param> <param name="row">Makes the row of an image from its number and its vector.</param>
    internal static IEnumerable<EmbeddingRow> Of(Tensor anchors, Func<int, ReadOnlyMemory<float>, EmbeddingRow> row)
    {
        var (vectors, dimension) = (anchors.data<float>().ToArray(), (int)anchors.shape[1]);
        return Enumerable.Range(0, (int)anchors.shape[0]).Select(index => row(index, vectors.AsMemory(index * dimension, dimension)));
    }

    /// <param name="weightsSha256">Of the model's file.</param>
    internal static EmbeddingIdentity IdentityOf(ModelRef model, string weightsSha256, Recipe recipe) =>
        new(model, weightsSha256, Preprocessing.Of(recipe).Sha256(), recipe.Encoder.LatentDimension, "float32", "none");
}

/// <summary>A row of an embedding file.</summary>
/// <param name="Id">The image's path in the dataset's source.</param>
/// <param name="Split">Empty where the source tells none.</param>
/// <param name="Label">-1 for an image without one, whose class is empty.</param>
/// <param name="Predicted">Name of the class that the model reads from the image; null from models that know no labels.</param>
/// <param name="Vector">The image's anchor, [d].</param>
internal sealed record EmbeddingRow(
    string Id, string Split, int Label, string Class, string? Predicted, [property: JsonPropertyName("embedding")] ReadOnlyMemory<float> Vector);
