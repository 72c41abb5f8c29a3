using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
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

    /// <summary>This rank's loss: the mean over its part of a batch, in a latent space that all ranks share. Everything random in it depends on the iteration alone.</summary>
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
