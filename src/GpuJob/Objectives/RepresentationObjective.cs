using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Objectives;

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
