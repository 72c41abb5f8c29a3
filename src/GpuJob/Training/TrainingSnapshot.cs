using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>A copy of a training's state in the processor's memory, as large as weights, running means and moments together: what is written while training goes on.</summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly Recipe _recipe;
    private readonly string[] _classes;
    private readonly TrainingCounters _counters;
    private readonly List<KeyValuePair<string, Tensor>> _tensors;

    /// <param name="state">Copied; it may change afterwards.</param>
    internal TrainingSnapshot(Recipe recipe, string[] classes, TrainingCounters counters, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        using var frozen = no_grad();
        (_recipe, _classes, _counters) = (recipe, classes, counters);
        _tensors = [.. state.Select(each => KeyValuePair.Create(each.Key, each.Value.to(CPU, copy: true).DetachFromDisposeScope()))];
    }

    internal long Iteration => _counters.Iteration;

    internal double? MeanLoss => _counters.MeanLoss;

    internal void Write(Stream to) => Checkpoint.Write(to, _recipe, _classes, _counters, [.. _tensors.Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))]);

    public void Dispose()
    {
        foreach (var (_, tensor) in _tensors)
            tensor.Dispose();
    }
}
