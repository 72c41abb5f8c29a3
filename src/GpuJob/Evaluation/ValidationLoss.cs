using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>How well a model does on unseen images what it was trained for.</summary>
internal static class ValidationLoss
{
    /// <summary>Mean of the objective's loss over an epoch of batches as in training, augmentation included: a representation has no other task.</summary>
    internal static double Of(LznModel model, Recipe recipe, IBatchSource batches, long seed, Action<long> done)
    {
        using var inference = no_grad();
        using var alone = new SingleDevice(model.Device());
        var draws = new Draws(seed);
        var objective = IObjective.Of(recipe, model, new NetworkPasses(recipe.Training with { Precision = Precision.Float32, Accumulate = 1 }, model, draws, alone), draws, alone);
        var (count, sum) = (batches.BatchesPerEpoch, 0.0);
        for (var iteration = 0; iteration < count; iteration++)
        {
            using var scope = NewDisposeScope();
            sum += objective.Loss(batches.At(iteration), iteration).Total.item<float>();
            done((iteration + 1L) * batches.BatchSize);
        }

        return sum / count;
    }
}
