using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>Case 3: the decoder knows the label beside the latent, and latents shall flow back to the anchors of their labels.</summary>
internal sealed class JointObjective(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group) : IObjective
{
    private readonly LabelFlowRecipe _labelFlow = recipe.LabelFlow!;        // the joint case has one
    private readonly Zones _zones = new(recipe, passes, draws, group);
    private readonly ImageFlow _images = new(recipe, model, passes, draws, group);

    public IReadOnlyList<string> Quantities { get; } = ["flow_loss", "label_loss", "label_probability", "label_cross_entropy"];

    public ObjectiveLoss Loss(Batch batch, long iteration)
    {
        var (x1, labels) = (batch.Views[0], batch.Labels);                                      // [B, 3, S, S], [B]
        var latentsAt = _zones.Latents(x1, iteration);
        var latents = latentsAt(1);                                                             // [B, d]
        var flow = _images.Loss(x1, latents, labels, iteration);
        var sure = _labelFlow.PriorScale is 1 ? latents : latentsAt(_labelFlow.PriorScale);     // nearer to the middle of their zones
        var assigned = LabelLoss.Of(sure, labels, model.LabelAnchors!, Frequencies(labels), _labelFlow);
        var label = assigned.Weighted(_labelFlow.LossWeight);
        return new ObjectiveLoss(flow + label, flow, label, assigned.Probability, assigned.CrossEntropy);
    }

    /// <summary>Part of each class in the whole batch, [classes], float32.</summary>
    private Tensor Frequencies(Tensor labels) => group.SumNow(LabelLoss.Frequencies(labels, model.Classes)) / group.Size;
}
