using System.Text;
using LznPipeline.GpuJob.Evaluation.Reports;

namespace LznPipeline.GpuJob.Tests.Evaluation.Reports;

public sealed class TrainingCurvesTests
{
    [Fact]
    public async Task ReadAsync_AttemptThatWasKilled_CountsIterationsOnceAsTheLastAttemptDidThem()
    {
        var curves = await ReadAsync("attempt,iteration,loss,rate\n1,1,5,10\n1,2,4,10\n1,3,99,10\n2,3,3,20\n2,4,2,");

        Assert.Equal(["loss", "rate"], curves!.Columns.Select(column => column.Name));
        Assert.Equal([1, 2, 3, 4], curves.Columns[0].Iterations);
        Assert.Equal([5, 4, 3, 2], curves.Columns[0].Values);
        Assert.Equal([10, 10, 20, double.NaN], curves.Columns[1].Values);
    }

    [Fact]
    public async Task ReadAsync_LineThatWasCut_IsLeftOut() =>
        Assert.Equal([1, 2], (await ReadAsync("attempt,iteration,loss\n1,1,5\n1,2,4\n1,3"))!.Columns[0].Iterations);

    [Theory]
    [InlineData("")]
    [InlineData("attempt,iteration,loss\n")]
    [InlineData("attempt,iteration,loss\n1,1,5\n")]
    [InlineData("this is no table\nof curves\nat all\n")]
    public async Task ReadAsync_NothingToDraw_IsNull(string csv) => Assert.Null(await ReadAsync(csv));

    [Fact]
    public async Task ReadAsync_LongTraining_KeepsEvenlySpacedIterations()
    {
        var csv = new StringBuilder("attempt,iteration,loss\n");
        for (var iteration = 1; iteration <= 20_000; iteration++)
            csv.Append($"1,{iteration},{iteration * 2}\n");

        var curve = (await ReadAsync(csv.ToString()))!.Columns[0];

        Assert.InRange(curve.Iterations.Count, 2000, 4096);
        Assert.Equal(curve.Iterations.Count, curve.Values.Count);
        Assert.Single(curve.Iterations.Zip(curve.Iterations.Skip(1), (one, next) => next - one).Distinct());
        Assert.All(curve.Iterations.Zip(curve.Values), point => Assert.Equal(point.First * 2, point.Second));
    }

    private static Task<TrainingCurves?> ReadAsync(string csv) => TrainingCurves.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), default);
}
