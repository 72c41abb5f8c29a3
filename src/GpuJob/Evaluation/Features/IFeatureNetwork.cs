using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>Turns images into the features on which generated images are compared with real ones.</summary>
internal interface IFeatureNetwork : IDisposable
{
    FeatureProvenance Provenance { get; }

    /// <param name="images">float32 [B, 3, S, S] in [-1, 1].</param> <returns>Where the network computes.</returns>
    ImageFeatures Of(Tensor images);
}

/// <summary>What a feature network says of images.</summary>
/// <param name="Pooled">One vector an image, [B, d]: for Frechet distance, precision and recall.</param>
/// <param name="Logits">Of classes, [B, classes], for the inception score; null if the network gives none.</param>
/// <param name="Spatial">Features of places, flattened, [B, s], for the spatial Frechet distance; null if the network gives none.</param>
internal sealed record ImageFeatures(Tensor Pooled, Tensor? Logits, Tensor? Spatial);

/// <summary>Where features come from: figures compare only when all of it is the same.</summary>
/// <param name="Network">In words.</param>
/// <param name="Sha256">Of the network's file, or of the weights that were trained.</param>
/// <param name="Resize">How images become its input, in words.</param>
internal sealed record FeatureProvenance(string Network, string Sha256, string Resize);
