using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Flow;

public sealed class FlowScheduleTests
{
    [Theory]
    [InlineData(FlowSolver.Euler, 7)]
    [InlineData(FlowSolver.Dpm, 1)]
    [InlineData(FlowSolver.Dpm, 2)]
    [InlineData(FlowSolver.Dpm, 9)]
    [InlineData(FlowSolver.Dpm, 25)]
    public void Steps_OfAConstantPull_AreExact(FlowSolver solver, int steps)
    {
        foreach (var schedule in new[] { FlowSchedule.Forward(solver, steps), FlowSchedule.Reverse(solver, steps) })
        {
            // x - abar grows like t; with y = x - s o and delta = o - abar that is y' = (t'/t) y + (t'/t - 1) delta.
            Assert.Equal(steps, schedule.Steps.Count);
            Assert.Equal(schedule.Start, schedule.Steps[0].Time);
            Assert.Equal(schedule.End / schedule.Start, schedule.Steps.Aggregate(1.0, (product, step) => product * step.Scale), 12);
            Assert.All(schedule.Steps, step => Assert.Equal(step.Scale - 1, step.Coefficients.Sum(), 9));
        }
    }

    [Fact]
    public void Steps_None_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => FlowSchedule.Forward(FlowSolver.Euler, 0));

    [Fact]
    public void Dpm_TwiceTheSteps_IsAtLeastFourTimesAsNearToTheExactFlow()
    {
        using var scope = NewDisposeScope();
        var given = new FlowCase(scale: 0.3);
        Tensor Latents(int steps) => new LatentFlow(FlowSolver.Dpm, steps).Forward(given.A, given.Draws, given.Index);
        var exact = Latents(4000);

        var (coarse, fine) = (FlowCase.Distance(Latents(100), exact), FlowCase.Distance(Latents(200), exact));

        Assert.True(coarse > 0);
        Assert.InRange(fine, 0, coarse / 4);
    }
}
