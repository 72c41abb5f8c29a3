using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Sampling;

public sealed class EulerSolverTests
{
    [Fact]
    public void Solve_VelocityOfTime_SumsItAtTheBeginningOfEachStep()
    {
        var end = EulerSolver.Solve((x, t) => full_like(x, t), zeros(2, 3), from: 0, to: 1, steps: 4);

        Assert.All(end.data<float>().ToArray(), value => Assert.Equal((0 + 0.25 + 0.5 + 0.75) / 4, value, 1e-6));
    }

    [Fact]
    public void Solve_Backwards_ShowsEveryPointAndLeavesTheFirst()
    {
        var start = ones(1);
        var path = new List<(double, float)>();

        EulerSolver.Solve((x, _) => x, start, from: 1, to: 0, steps: 2, (x, t) => path.Add((t, x.item<float>())));

        Assert.Equal([(0.5, 0.5f), (0.0, 0.25f)], path);
        Assert.Equal(1f, start.item<float>());
    }

    [Fact]
    public void Solve_NoSteps_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EulerSolver.Solve((x, _) => x, ones(1), 0, 1, steps: 0));
}
