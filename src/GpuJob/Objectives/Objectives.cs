using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>What an iteration learns: a case of docs/method.md, section 3.</summary>
internal interface IObjective
{
    /// <summary>Names of what is reported beside the loss, in the order of <see cref="ObjectiveLoss.Quantities"/>.</summary>
    IReadOnlyList<string> Quantities { get; }

    /// <summary>
    /// This rank's loss: the mean over its part of a batch, in a latent space that all ranks share. Everything random in it depends on the iteration alone.
    /// </summary>
    /// <param name="batch">This rank's part.</param>
    ObjectiveLoss Loss(Batch batch, long iteration);

    internal static IObjective Of(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group) => recipe.Objective switch
    {
        Objective.Generation => new GenerationObjective(recipe, model, passes, draws, group),
        Objective.Representation => new RepresentationObjective(recipe, passes, draws, group),
        Objective.Joint => new JointObjective(recipe, model, passes, draws, group),
        var other => throw new NotSupportedException($"No objective {other}."),
    };
}

/// <param name="Total">What is to become small; a scalar with its graph.</param>
/// <param name="Quantities">Scalars.</param>
internal sealed record ObjectiveLoss(Tensor Total, params Tensor[] Quantities);

/// <summary>Case 1: the decoder learns the way from noise to an image that its latent describes, and the encoder what to say in the latent.</summary>
internal sealed class GenerationObjective(Recipe recipe, LznModel model, NetworkPasses passes, Draws draws, IDeviceGroup group) : IObjective
{
    private readonly bool _isTold = recipe.Decoder!.Latent is DecoderLatent.Zone;      // generation has a decoder
    private readonly Zones _zones = new(recipe, passes, draws, group);
    private readonly ImageFlow _images = new(recipe, model, passes, draws, group);

    public IReadOnlyList<string> Quantities { get; } = ["flow_loss"];

    public ObjectiveLoss Loss(Batch batch, long iteration)
    {
        var x1 = batch.Views[0];                                                                // [B, 3, S, S]
        var latents = _isTold ? _zones.Latents(x1, iteration)(1) : zeros(x1.shape[0], recipe.Encoder.LatentDimension, device: x1.device);      // [B, d]
        var flow = _images.Loss(x1, latents, batch.Labels, iteration);
        return new ObjectiveLoss(flow, flow);
    }
}

/// <summary>Case 2: a latent from the zone of one view shall flow back to the anchor of the image's other view.</summary>
internal sealed class RepresentationObjective(Recipe recipe, NetworkPasses passes, Draws draws, IDeviceGroup group) : IObjective
{
    private readonly ContrastiveRecipe _contrastive = recipe.Contrastive!;  // representation has one
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);
    private readonly Zones _zones = new(recipe, passes, draws, group);

    public IReadOnlyList<string> Quantities { get; } = ["probability", "cross_entropy", "assignment_accuracy", "ode_error"];

    public ObjectiveLoss Loss(Batch batch, long iteration)
    {
        var latents = _zones.Latents(batch.Views[0], iteration)(_contrastive.PriorScale);      // [B, d]
        var (anchors, own) = _zones.Anchors(batch.Views[1]);                                    // [N, d], [B]
        var (assigned, accuracy, odeError) = ContrastiveLoss.Of(latents, anchors, own, _flow, _contrastive.DropFirst);
        return new ObjectiveLoss(assigned.Weighted(_contrastive.LossWeight), assigned.Probability, assigned.CrossEntropy, accuracy, odeError);
    }
}

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
