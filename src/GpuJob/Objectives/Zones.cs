using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

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
