using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>The rectified flow between noise and a batch's images: draws noise and times, and asks the decoder for the velocity there.</summary>
internal sealed class ImageFlow(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group)
{
    /// <summary>On the first images of the whole batch, as many as the recipe says: the order is random, so these are as good as any. Each rank has its rows among them.</summary>
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
