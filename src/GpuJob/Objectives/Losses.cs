using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How well the decoder knows the straight way from noise to the image, given its latent and label (docs/method.md, section 3, case 1).</summary>
internal static class RectifiedFlowLoss
{
    /// <summary>Times are drawn from here to 1.</summary>
    internal const double Epsilon = 1e-3;

    /// <param name="decoder">As <see cref="ImageDecoder"/>.</param>
    /// <param name="x1">Images, [B, 3, S, S] in [-1, 1].</param> <param name="x0">Noise, N(0, I), like the images.</param>
    /// <param name="t">Uniform in (1e-3, 1), [B].</param>
    /// <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <returns>Mean over everything of the squared difference between true and told velocity.</returns>
    internal static Tensor Of(Func<Tensor, Tensor, Tensor, Tensor, Tensor> decoder, Tensor x1, Tensor x0, Tensor t, Tensor latents, Tensor labels)
    {
        var s = t.view(-1, 1, 1, 1);
        var xt = s * x1 + (1 - s) * x0;
        return (x1 - x0 - decoder(latents, labels, t, xt)).square().mean();
    }
}

/// <summary>The rectified flow between noise and a batch's images: draws noise and times, and asks the decoder for the velocity there.</summary>
internal sealed class ImageFlow(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group)
{
    /// <summary>
    /// On the first images of the whole batch, as many as the recipe says: the order is random, so these are as good as any. Each rank has its rows among them.
    /// </summary>
    /// <param name="x1">[B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">int64 [B].</param>
    internal Tensor Loss(Tensor x1, Tensor latents, Tensor labels, long iteration)
    {
        var whole = Math.Min(recipe.Training.DecoderBatchSize ?? int.MaxValue, x1.shape[0] * group.Size);
        var count = whole / group.Size;
        using var noises = draws.For(RandomStream.Noise, iteration);
        using var times = draws.For(RandomStream.Time, iteration);
        x1 = x1.narrow(0, 0, count);
        var x0 = group.Own(randn([whole, .. x1.shape[1..]], generator: noises)).to(x1.device);
        var t = group.Own(rand(whole, generator: times)).to(x1.device) * (1 - RectifiedFlowLoss.Epsilon) + RectifiedFlowLoss.Epsilon;        // U(1e-3, 1)
        return RectifiedFlowLoss.Of(passes.Velocity, x1, x0, t, latents.narrow(0, 0, count), model.OneHot(labels.narrow(0, 0, count)));
    }
}

/// <summary>How well latents of first views flow back to the anchors of the second views of their images (docs/method.md, section 3, case 2).</summary>
/// <param name="Assigned">To the own anchors.</param>
/// <param name="Accuracy">Mean probability of the own anchor at the last step.</param>
/// <param name="OdeError">
/// How far latents arrive from the nearest anchor, over that anchor's norm, on average: near 0 when each arrives at one anchor and not between several.
/// </param>
internal sealed record ContrastiveLoss(Assignment Assigned, Tensor Accuracy, Tensor OdeError)
{
    private const long BlockRows = 1024;

    /// <param name="latents">Of the first views, [B, d].</param> <param name="anchors">Of the second views, [N, d].</param>
    /// <param name="own">Where each latent's image stands among the anchors, int64 [B].</param>
    /// <param name="dropFirst">Part of the steps that the assignment leaves out, from the prior's side.</param>
    internal static ContrastiveLoss Of(Tensor latents, Tensor anchors, Tensor own, LatentFlow flow, double dropFirst)
    {
        var (arrived, logProbabilities) = flow.Reverse(latents, anchors, own);  // [B, d], [steps, B]
        return new ContrastiveLoss(
            new Assignment(logProbabilities, dropFirst), logProbabilities[^1].detach().exp().mean(), DistanceToAnchors(arrived, anchors));
    }

    private static Tensor DistanceToAnchors(Tensor arrived, Tensor anchors)
    {
        using var inference = no_grad();
        // [B, d]
        var nearest = anchors.index_select(0, cat(arrived.split(BlockRows).Select(block => Distances.Squared(block, anchors).argmin(1)).ToArray()));
        return ((arrived - nearest).norm(1) / nearest.norm(1)).mean();
    }
}

/// <summary>How well latents flow back to the anchors of their labels (docs/method.md, section 3, case 3).</summary>
internal static class LabelLoss
{
    /// <param name="latents">[B, d].</param> <param name="labels">int64, [B].</param>
    /// <param name="anchors">Label anchors, [classes, d].</param>
    /// <param name="frequencies">Of the classes in the batch, [classes].</param>
    internal static Assignment Of(Tensor latents, Tensor labels, Tensor anchors, Tensor frequencies, LabelFlowRecipe flow)
    {
        var (_, logProbabilities) = LatentFlow.Of(flow).Reverse(latents, anchors, labels, frequencies);     // [steps, B]
        return new Assignment(logProbabilities, flow.DropFirst);
    }

    /// <summary>Part of each class in the labels, [classes], float32.</summary>
    internal static Tensor Frequencies(Tensor labels, long classes) =>
        nn.functional.one_hot(labels, classes).to_type(ScalarType.Float32).mean([0]);
}

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

/// <summary>The zones that the images of a batch own in the latent space. The images of all ranks share it.</summary>
internal sealed class Zones(Recipe recipe, NetworkPasses passes, Draws draws, IDeviceGroup group)
{
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);

    /// <summary>The anchors of all ranks' images.</summary>
    /// <param name="images">This rank's, [B, 3, S, S].</param>
    /// <returns>Anchors, [N, d], and which of them are those of <paramref name="images"/>, int64 [B].</returns>
    internal (Tensor Anchors, Tensor Own) Anchors(Tensor images)
    {
        var own = passes.Anchors(images);                                                       // [B, d]
        return (GatheredRows.Of(own, group), group.Indexes(own.shape[0], own.device));
    }

    /// <summary>A latent from the zone of each image.</summary>
    /// <param name="images">This rank's, [B, 3, S, S].</param>
    /// <returns>Latents, [B, d], of the same prior draws at any scale: below 1, they lie nearer to the middle of their zones.</returns>
    internal Func<double, Tensor> Latents(Tensor images, long iteration)
    {
        var (anchors, own) = Anchors(images);
        using var generator = draws.For(RandomStream.Prior, iteration);
        var prior = group.Own(randn(anchors.shape, generator: generator)).to(anchors.device);   // [B, d], as one device would draw for these rows
        return scale => _flow.Forward(anchors, prior * scale, own);
    }
}
