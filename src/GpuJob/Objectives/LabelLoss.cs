using LznPipeline.GpuJob.Flow;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How well latents flow back to the anchors of their labels (lzn.md, section 3, case 3).</summary>
internal static class LabelLoss
{
    /// <param name="latents">[B, d].</param> <param name="labels">int64, [B].</param>
    /// <param name="anchors">Label anchors, [classes, d].</param>
    /// <param name="frequencies">Of the classes in the batch, [classes].</param>
    /// <param name="dropFirst">Part of the steps that is left out, from the prior's side.</param>
    /// <returns>Logarithm of the best probability that any step gives the right anchor, for each latent, [B].</returns>
    internal static Tensor LogProbability(Tensor latents, Tensor labels, Tensor anchors, Tensor frequencies, int steps, double dropFirst)
    {
        var (_, logProbabilities) = LatentFlow.Reverse(latents, anchors, frequencies, steps);
        var column = labels.unsqueeze(1);
        var right = logProbabilities[(int)(steps * dropFirst)..].Select(p => p.gather(1, column)).ToArray();      // each [B, 1]
        return cat(right, dim: 1).amax([1]);
    }

    /// <summary>The published loss, minus the mean probability: from -1 to 0. Hardly sees a latent that is far off.</summary>
    internal static Tensor Probability(Tensor logProbability) => -logProbability.exp().mean();

    /// <summary>Cross-entropy, minus the mean logarithm: pulls hardest where a latent is far off, so that a short training learns labels too.</summary>
    internal static Tensor CrossEntropy(Tensor logProbability) => -logProbability.mean();

    /// <summary>Part of each class in the labels, [classes], float32.</summary>
    internal static Tensor Frequencies(Tensor labels, long classes) =>
        nn.functional.one_hot(labels, classes).to_type(ScalarType.Float32).mean([0]);
}
