using LznPipeline.GpuJob.Data;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Embedding;

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
