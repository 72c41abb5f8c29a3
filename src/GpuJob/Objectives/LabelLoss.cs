using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How well latents flow back to the anchors of their labels (lzn.md, section 3, case 3).</summary>
internal static class LabelLoss
{
    /// <param name="latents">[B, d].</param> <param name="labels">int64, [B].</param>
    /// <param name="anchors">Label anchors, [classes, d].</param>
    /// <param name="frequencies">Of the classes in the batch, [classes].</param>
    /// <returns>Logarithm of the best probability that any step gives the right anchor, for each latent, [B].</returns>
    internal static Tensor LogProbability(Tensor latents, Tensor labels, Tensor anchors, Tensor frequencies, LabelFlowRecipe flow)
    {
        var (_, logProbabilities) = LatentFlow.Of(flow).Reverse(latents, anchors, labels, frequencies);     // [steps, B]
        var dropped = (int)(flow.Steps * flow.DropFirst);
        return logProbabilities.narrow(0, dropped, flow.Steps - dropped).amax([0]);
    }

    /// <summary>The published loss, minus the mean probability: from -1 to 0. Hardly sees a latent that is far off.</summary>
    internal static Tensor Probability(Tensor logProbability) => -logProbability.exp().mean();

    /// <summary>Cross-entropy, minus the mean logarithm: pulls hardest where a latent is far off, so that a short training learns labels too.</summary>
    internal static Tensor CrossEntropy(Tensor logProbability) => -logProbability.mean();

    /// <summary>Part of each class in the labels, [classes], float32.</summary>
    internal static Tensor Frequencies(Tensor labels, long classes) =>
        nn.functional.one_hot(labels, classes).to_type(ScalarType.Float32).mean([0]);
}
