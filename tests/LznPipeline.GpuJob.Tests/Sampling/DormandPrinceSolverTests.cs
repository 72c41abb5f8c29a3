using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Sampling;

/// <summary>Expected numbers: SciPy 1.10, <c>solve_ivp(f, (from, to), y0, method="RK45", rtol=tol, atol=tol)</c>.</summary>
public sealed class DormandPrinceSolverTests
{
    [Theory]
    [InlineData(0, 3, 1e-5, 140, 0.815586370780885, -0.7646854417133574)]
    [InlineData(3, 0, 1e-5, 122, -0.12238099876479137, 1.1112966856852289)]
    [InlineData(0, 3, 1e-9, 680, 0.8156353034515861, -0.7646823158723888)]
    public void Solve_SmoothVelocity_TakesTheStepsOfSciPy(double from, double to, double tolerance, int evaluations, double first, double second)
    {
        var solver = new DormandPrinceSolver(Oscillator, tolerance, tolerance);

        var end = solver.Solve(tensor(new[] { 1.0, 0.5 }), from, to).data<double>().ToArray();

        Assert.Equal(evaluations, solver.Evaluations);
        Assert.Equal(first, end[0], 1e-11);
        Assert.Equal(second, end[1], 1e-11);
    }

    [Theory]
    [InlineData(0, 20, 2, 0, 1244, 1.9393629994574935, -0.07007452795985328)]
    [InlineData(2, 0, 1.5, -0.1, 182, 0.26903621303379444, 0.02942075250106383)]
    public void Solve_VelocityThatTurnsSuddenly_RejectsStepsAsSciPyDoes(double from, double to, double x0, double x1, int evaluations, double first, double second)
    {
        var solver = new DormandPrinceSolver(VanDerPol);

        var end = solver.Solve(tensor(new[] { x0, x1 }), from, to).data<double>().ToArray();

        Assert.Equal(evaluations, solver.Evaluations);
        Assert.Equal(first, end[0], 1e-7);      // this equation magnifies rounding
        Assert.Equal(second, end[1], 1e-7);
    }

    [Fact]
    public void Solve_WithAVisitor_ShowsEveryStepAndEndsAtTheEnd()
    {
        var times = new List<double>();
        var solver = new DormandPrinceSolver(Oscillator);

        solver.Solve(tensor(new[] { 1.0, 0.5 }), 0, 3, (_, t) => times.Add(t));

        Assert.Equal(times.Order(), times);
        Assert.Equal(3, times[^1]);
        Assert.InRange(times.Count, 5, (solver.Evaluations - 2) / 6);
    }

    [Fact]
    public void Solve_VelocityWithoutEnd_SaysWhereAndWhy()
    {
        var solver = new DormandPrinceSolver((x, t) => x / (0.5 - t) / (0.5 - t));

        var error = Assert.Throws<ArithmeticException>(() => solver.Solve(tensor(new[] { 1.0 }), 0, 1));

        Assert.Contains("At time 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Solve_Float32Point_KeepsItsTypeAndLeavesNothingBehind()
    {
        using var x = tensor(new[] { 1f, 0.5f });
        using var scope = NewDisposeScope();

        var end = new DormandPrinceSolver(Oscillator).Solve(x, 0, 1);

        Assert.Equal(ScalarType.Float32, end.dtype);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([1f, 0.5f], x.data<float>().ToArray());
    }

    /// <summary>x' = (1 + t) (x_1, -x_0).</summary>
    private static Tensor Oscillator(Tensor x, double t) => x.flip(0) * tensor(new[] { 1 + t, -1 - t }, dtype: x.dtype);

    private static Tensor VanDerPol(Tensor x, double t)
    {
        var (x0, x1) = (x[0].item<double>(), x[1].item<double>());
        return tensor(new[] { x1, 10 * (1 - x0 * x0) * x1 - x0 });
    }
}
