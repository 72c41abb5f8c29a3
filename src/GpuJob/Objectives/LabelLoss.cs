using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

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
