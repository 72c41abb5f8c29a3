using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Flow;

/// <summary>Some anchors and rows, drawn from a seed.</summary>
internal sealed class FlowCase
{
    internal const int Anchors = 9;
    internal const int Rows = 14;
    internal const int Dimension = 5;
    internal const int Steps = 12;

    internal FlowCase(double scale = 1, ScalarType type = ScalarType.Float64)
    {
        using var generator = new Generator(7);
        A = (randn([Anchors, Dimension], dtype: type, generator: generator) * scale).requires_grad_();
        Draws = randn([Rows, Dimension], dtype: type, generator: generator).requires_grad_();
        Index = randint(Anchors, [Rows], dtype: ScalarType.Int64, generator: generator);
        Weights = rand(Anchors, dtype: type, generator: generator) + 0.1;
    }

    /// <summary>[N, d].</summary>
    internal Tensor A { get; }

    /// <summary>Prior draws, or latents: both are standard normal, [M, d].</summary>
    internal Tensor Draws { get; }

    /// <summary>Own anchors or targets, int64 [M]; some come twice, some never.</summary>
    internal Tensor Index { get; }

    /// <summary>[N].</summary>
    internal Tensor Weights { get; }

    internal static TheoryData<FlowSolver, bool> SolversAndWeights { get; } = new()
    {
        { FlowSolver.Euler, false },
        { FlowSolver.Euler, true },
        { FlowSolver.Dpm, false },
        { FlowSolver.Dpm, true },
    };

    internal Tensor? WeightsIf(bool weighted) => weighted ? Weights : null;

    internal static LatentFlow Flow(FlowSolver solver) => new(solver, Steps);

    /// <summary>Gradients in anchors and draws of a scalar that weighs every element of the results differently.</summary>
    internal (Tensor InAnchors, Tensor InDraws) Gradients(params Tensor[] results)
    {
        var total = zeros(1, dtype: A.dtype);
        foreach (var result in results)
            total = total + (result * (arange(result.numel(), dtype: A.dtype) * 0.7).sin().view(result.shape)).sum();
        A.grad = Draws.grad = null;
        BackwardPass.From(total);
        return (A.grad!, Draws.grad!);
    }

    internal static double Distance(Tensor left, Tensor right)
    {
        Assert.Equal(right.shape, left.shape);          // else one is spread over the other
        return (left - right).abs().max().to_type(ScalarType.Float64).item<double>();
    }
}
