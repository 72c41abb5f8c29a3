using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Optimization;

/// <summary>
/// Moves a model's parameters by their gradients, with a learning rate for each part of the model. Its state is plain named tensors, so that it is stored
/// beside the weights: <c>KIND.PARAMETER.WHAT</c>.
/// </summary>
/// <param name="parameters">Names of all that it may move.</param>
internal abstract class Optimizer(IEnumerable<string> parameters) : IDisposable
{
    private static readonly string[] Kinds = [Adam.Kind];

    /// <summary>Steps taken.</summary>
    internal PartCounts Steps { get; } = new(parameters);

    /// <summary>That of every training: recipes leave no choice.</summary>
    /// <param name="parameters">Of a model, by their names in its state dictionary.</param>
    internal static Optimizer Of(IReadOnlyCollection<(string Name, Parameter Parameter)> parameters) => new Adam(parameters);

    /// <summary>The kind whose state is among a file's tensors; null if there is none.</summary>
    internal static string? KindIn(IEnumerable<string> tensors) =>
        tensors.Select(name => name.Split('.')[0]).FirstOrDefault(first => Kinds.Contains(first, StringComparer.Ordinal));

    /// <summary>The state, by name.</summary>
    internal abstract IEnumerable<KeyValuePair<string, Tensor>> Named();

    /// <summary>Moves every part that has a gradient and a learning rate above 0, unless a gradient is not finite.</summary>
    /// <param name="learningRate">By the part's name.</param>
    /// <param name="clipNorm">All gradients are scaled down together so that their norm is at most this.</param>
    /// <param name="lossScale">What the loss was multiplied by; the gradients are divided by it.</param>
    /// <returns>Norm of the gradients before that; not finite when nothing was moved.</returns>
    internal abstract double Step(Func<string, double> learningRate, double clipNorm, double lossScale = 1);

    public abstract void Dispose();
}
