using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>What an iteration learns: a case of lzn.md, section 3.</summary>
internal interface IObjective
{
    /// <summary>Names of what is reported beside the loss, in the order of <see cref="ObjectiveLoss.Quantities"/>.</summary>
    IReadOnlyList<string> Quantities { get; }

    /// <summary>The loss of a batch; everything random in it depends on the iteration alone.</summary>
    ObjectiveLoss Loss(Batch batch, long iteration);

    internal static IObjective Of(Recipe recipe, LznModel model, Draws draws) => recipe.Objective switch
    {
        Objective.Generation => new GenerationObjective(recipe, model, draws),
        Objective.Representation => new RepresentationObjective(recipe, model, draws),
        Objective.Joint => new JointObjective(recipe, model, draws),
        var other => throw new NotSupportedException($"No objective {other}."),
    };
}

/// <param name="Total">What is to become small; a scalar with its graph.</param>
/// <param name="Quantities">Scalars.</param>
internal sealed record ObjectiveLoss(Tensor Total, params Tensor[] Quantities);
