using LznPipeline.GpuJob.Training.DryRuns;
using static TorchSharp.torch;

namespace LznPipeline.Memory.Tests;

public sealed class ProcessMemoryTests
{
    [Fact]
    public void PeakOf_WorkThatTakesMemory_IsThatMemory()
    {
        const long Size = 200 << 20;
        const long Slack = 8 << 20;         // Linux counts pages in batches for each thread, and .NET takes some

        _ = ProcessMemory.PeakOf(() => Take(1));      // loads libtorch, which needs memory too
        var peak = ProcessMemory.PeakOf(() => Take(Size / sizeof(float)));

        Assert.InRange(peak!.Value, Size - Slack, Size + Slack);
    }

    private static void Take(long numbers)
    {
        using var scope = NewDisposeScope();
        ones(numbers);
    }

    [Fact]
    public void PeakOf_WorkThatTakesNone_IsNearlyNothing()
    {
        Assert.InRange(ProcessMemory.PeakOf(() => { })!.Value, 0, 8 << 20);
    }
}
