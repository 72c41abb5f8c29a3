using System.Text.Json;
using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Sampling;

public sealed class DormandPrinceSolverTests
{
    /// <summary>What SciPy does: the script <c>scipy/rk45.py</c> made the file beside it.</summary>
    public static TheoryData<SciPyRun> SciPyRuns =>
    [
        .. JsonSerializer.Deserialize<SciPyRun[]>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sampling", "scipy", "rk45.json")), JsonSerializerOptions.Web)!
    ];

    [Theory, MemberData(nameof(SciPyRuns))]
    public void Solve_SmoothAndStiffProblems_TakesTheStepsOfSciPy(SciPyRun expected)
    {
        using var scope = NewDisposeScope();
        var solver = new DormandPrinceSolver(SmallProblems.VelocityOf(expected.Problem), expected.Tolerance, expected.Tolerance);

        var end = solver.Solve(tensor(expected.Start), expected.From, expected.To).data<double>().ToArray();

        Assert.Equal((expected.Evaluations, expected.End.Length), (solver.Evaluations, end.Length));
        Assert.All(expected.End.Zip(end), pair => Assert.InRange(Math.Abs(pair.Second / pair.First - 1), 0, 100 * expected.Rounding));
    }

    [Fact]
    public void Solve_WithAVisitor_ShowsEveryStepAndEndsAtTheEnd()
    {
        var times = new List<double>();
        var solver = new DormandPrinceSolver(SmallProblems.Rotation);

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

        var end = new DormandPrinceSolver(SmallProblems.Rotation).Solve(x, 0, 1);

        Assert.Equal(ScalarType.Float32, end.dtype);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([1f, 0.5f], x.data<float>().ToArray());
    }

    /// <param name="Rounding">How far velocities that are off by 1e-15 move the end, relatively; the evaluations stay.</param>
    public sealed record SciPyRun(string Problem, double From, double To, double[] Start, double Tolerance, int Evaluations, double[] End, double Rounding)
    {
        public override string ToString() => $"{Problem} from {From} to {To} within {Tolerance}";
    }
}
