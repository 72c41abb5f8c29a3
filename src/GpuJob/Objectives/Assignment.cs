using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How surely latents flow back to the anchors that are theirs (docs/method.md, section 3, cases 2 and 3).</summary>
internal sealed class Assignment
{
    private readonly Tensor _best;                                              // [M], log of the best probability

    /// <param name="logProbabilities">Of each latent's own anchor before each step of the reverse flow, [steps, M].</param>
    /// <param name="dropFirst">Part of the steps that is left out, from the prior's side.</param>
    internal Assignment(Tensor logProbabilities, double dropFirst)
    {
        var first = (long)(logProbabilities.shape[0] * dropFirst);
        _best = logProbabilities.narrow(0, first, logProbabilities.shape[0] - first).amax([0]);
    }

    /// <summary>Minus the mean of the best probabilities: from -1 to 0. Hardly sees a latent that is far off.</summary>
    internal Tensor Probability => -_best.exp().mean();

    /// <summary>Minus the mean of their logarithms: pulls hardest where a latent is far off.</summary>
    internal Tensor CrossEntropy => -_best.mean();

    internal Tensor Weighted(AssignmentLossWeights weights) => Probability * weights.Probability + CrossEntropy * weights.CrossEntropy;
}
