using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A rank's rows of images that are drawn anew in every iteration.</summary>
internal sealed class DrawnBatches(Recipe recipe, IDeviceGroup group, bool spoil = false) : IBatchSource
{
    internal static readonly string[] Classes = ["a", "b", "c"];

    private readonly long _whole = recipe.Training.BatchSize;

    public int BatchSize => recipe.Training.BatchSize / group.Size;

    public long BatchesPerEpoch => 1000;

    public Batch At(long iteration)
    {
        using var generator = new Generator((ulong)iteration);
        var size = recipe.Image.Size;
        var views = Enumerable.Range(0, 2).Select(_ => group.Own(rand([_whole, 3, size, size], generator: generator) * 2 - 1)).ToArray();
        var labels = group.Own(randint(Classes.Length, [_whole], ScalarType.Int64, generator: generator));
        return new Batch(spoil ? [.. views.Select(view => view * float.NaN)] : views, labels);
    }

    public void Dispose()
    {
        // draws hold nothing
    }
}
