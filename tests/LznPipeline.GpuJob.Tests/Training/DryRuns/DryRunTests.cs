using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.GpuJob.Training.DryRuns;
using Microsoft.Extensions.Logging.Abstractions;

namespace LznPipeline.GpuJob.Tests.Training.DryRuns;

public sealed class DryRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Run_TinyJob_CountsWhatItsNetworksHave()
    {
        await _place.PublishDatasetAsync();

        var report = await DryRun.RunAsync(Workplace.Train(Workplace.TinyRecipe()), new JobSurroundings(_place.Store, NullLogger.Instance, default, default));

        Assert.Equal(["encoder", "decoder", "label anchors"], report.Parts.Select(part => part.Name));
        Assert.Equal(2 * 6, report.Parts[2].Parameters);                        // classes, dimension
        Assert.Equal(report.Parts.Sum(part => part.Parameters) * 5 * sizeof(float), report.StateBytes);
        Assert.Equal(report.Step * 7, report.Total);
    }

    [Fact]
    public void Lines_TimeBudgetShorterThanTheTotal_SayWhereItEnds()
    {
        var training = Workplace.TinyRecipe(("training.iterations", "1000"), ("training.timeBudget", "\"00:01:00\"")).Training;
        var report = new DryRunReport(
            training, Images: 50, [new PartSize("encoder", 2_000_000, 1_000_000)], SnapshotBytes: 20_000_000,
            StepBytes: 3 << 20, TimeSpan.FromMilliseconds(100));

        Assert.Equal(
        [
            "Model    encoder of 2,000,000 parameters",
            "Memory   22.9 MiB for weights, gradients, the optimizer's state and EMA weights",
            "         3.0 MiB more at the peak of a step, measured",
            "         19.1 MiB more, of the processor's, while a checkpoint is written",
            "Step     100 ms for 50 images: 500 images/s",
            "Total    1000 iterations in about 00:01:40, without checkpoints and evaluation",
            "         the time budget of 00:01:00 ends it after about 600 of them",
        ], report.Lines());
    }
}
