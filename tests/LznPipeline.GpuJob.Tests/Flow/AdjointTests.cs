using LznPipeline.GpuJob.Autograd;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Flow;

/// <summary>Values and gradients in float64, where rounding hides nothing.</summary>
public sealed class AdjointTests
{
    public static TheoryData<FlowSolver, bool> Cases => FlowCase.SolversAndWeights;

    [Theory, MemberData(nameof(Cases))]
    public void Forward_AndItsGradients_AreThoseOfThePlainFormLeftToAutograd(FlowSolver solver, bool weighted)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var weights = given.WeightsIf(weighted);

        var latents = FlowCase.Flow(solver).Forward(given.A, given.Draws, given.Index, weights);
        var (inAnchors, inPrior) = given.Gradients(latents);

        var plain = PlainFlow.Forward(solver, FlowCase.Steps, given.A, given.Draws, given.Index, weights);
        var (plainInAnchors, plainInPrior) = given.Gradients(plain);
        Assert.InRange(FlowCase.Distance(latents, plain), 0, 1e-9);         // the plain form divides by t^2 = 1e-8
        Assert.InRange(FlowCase.Distance(inAnchors, plainInAnchors), 0, 1e-8);
        Assert.InRange(FlowCase.Distance(inPrior, plainInPrior), 0, 1e-8);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Reverse_AndItsGradients_AreThoseOfThePlainFormLeftToAutograd(FlowSolver solver, bool weighted)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();
        var weights = given.WeightsIf(weighted);

        var (arrived, logProbabilities) = FlowCase.Flow(solver).Reverse(given.Draws, given.A, given.Index, weights);
        var (inAnchors, inLatents) = given.Gradients(arrived, logProbabilities);

        var (plainArrived, plainLogProbabilities) = PlainFlow.Reverse(solver, FlowCase.Steps, given.Draws, given.A, given.Index, weights);
        var (plainInAnchors, plainInLatents) = given.Gradients(plainArrived, plainLogProbabilities);
        Assert.InRange(FlowCase.Distance(arrived, plainArrived), 0, 1e-10);
        Assert.InRange(Relative(logProbabilities, plainLogProbabilities), 0, 1e-10);
        Assert.InRange(Relative(inAnchors, plainInAnchors), 0, 1e-9);
        Assert.InRange(Relative(inLatents, plainInLatents), 0, 1e-9);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Forward_Gradients_AreThoseOfFiniteDifferences(FlowSolver solver, bool weighted)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();

        AssertSlopes(given, (anchors, prior) => [FlowCase.Flow(solver).Forward(anchors, prior, given.Index, given.WeightsIf(weighted))]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Reverse_Gradients_AreThoseOfFiniteDifferences(FlowSolver solver, bool weighted)
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase();

        AssertSlopes(given, (anchors, latents) =>
        {
            var (arrived, logProbabilities) = FlowCase.Flow(solver).Reverse(latents, anchors, given.Index, given.WeightsIf(weighted));
            return [arrived, logProbabilities];
        });
    }

    /// <summary>Moves anchors and draws a little both ways along a direction; the sum of all results changes by the gradient times that.</summary>
    private static void AssertSlopes(FlowCase given, Func<Tensor, Tensor, Tensor[]> flow)
    {
        const double Little = 1e-6;
        using var generator = new Generator(3);
        var (u, v) = (
            randn(given.A.shape, dtype: ScalarType.Float64, generator: generator),
            randn(given.Draws.shape, dtype: ScalarType.Float64, generator: generator));
        BackwardPass.From(Sum(flow(given.A, given.Draws)));
        var expected = ((given.A.grad! * u).sum() + (given.Draws.grad! * v).sum()).item<double>();

        var found = (Sum(flow(given.A + u * Little, given.Draws + v * Little)) - Sum(flow(given.A - u * Little, given.Draws - v * Little))).item<double>()
            / (2 * Little);

        Assert.InRange(Math.Abs(found - expected) / Math.Abs(expected), 0, 1e-6);
    }

    private static Tensor Sum(Tensor[] results) => results.Aggregate(zeros(1, dtype: ScalarType.Float64), (sum, result) => sum + result.sum());

    private static double Relative(Tensor left, Tensor right) => FlowCase.Distance(left, right) / right.abs().max().item<double>();
}
