using LznPipeline.GpuJob.Flow;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How well latents of first views flow back to the anchors of the second views of their images (docs/method.md, section 3, case 2).</summary>
/// <param name="Assigned">To the own anchors.</param>
/// <param name="Accuracy">Mean probability of the own anchor at the last step.</param>
/// <param name="OdeError">How far latents arrive from the nearest anchor, over that anchor's norm, on average: near 0 when each arrives at one anchor and not between several.</param>
internal sealed record ContrastiveLoss(Assignment Assigned, Tensor Accuracy, Tensor OdeError)
{
    private const long BlockRows = 1024;

    /// <param name="latents">Of the first views, [B, d].</param> <param name="anchors">Of the second views, [N, d].</param>
    /// <param name="own">Where each latent's image stands among the anchors, int64 [B].</param>
    /// <param name="dropFirst">Part of the steps that the assignment leaves out, from the prior's side.</param>
    internal static ContrastiveLoss Of(Tensor latents, Tensor anchors, Tensor own, LatentFlow flow, double dropFirst)
    {
        var (arrived, logProbabilities) = flow.Reverse(latents, anchors, own);  // [B, d], [steps, B]
        return new ContrastiveLoss(new Assignment(logProbabilities, dropFirst), logProbabilities[^1].detach().exp().mean(), DistanceToAnchors(arrived, anchors));
    }

    private static Tensor DistanceToAnchors(Tensor arrived, Tensor anchors)
    {
        using var inference = no_grad();
        var nearest = anchors.index_select(0, cat(arrived.split(BlockRows).Select(block => Distances.Squared(block, anchors).argmin(1)).ToArray()));     // [B, d]
        return ((arrived - nearest).norm(1) / nearest.norm(1)).mean();
    }
}
