using LznPipeline.GpuJob.Randomness;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>
/// Gives each place that drops elements a mask of its own. The masks of a pass through a network depend on its seed alone,
/// and on no generator that others draw from.
/// </summary>
internal sealed class DropoutMasks
{
    private ulong _state;
    private long _firstRow;

    /// <summary>Before a pass: the same seed gives the same masks in the same order.</summary>
    /// <param name="firstRow">Where the images stand in the batch that the seed is for, so that parts of it drop what the whole would.</param>
    internal void Begin(ulong seed, long firstRow) => (_state, _firstRow) = (seed, firstRow);

    internal DropoutMask Next(double probability) => new(probability, _state = SplitMix.Next(_state), _firstRow);
}

/// <summary>Which elements of a tensor are dropped.</summary>
/// <param name="Probability">Of being dropped, 0 to below 1.</param>
/// <param name="Key">Another one for each tensor.</param>
/// <param name="FirstRow">Number of the tensor's first image in its batch.</param>
internal sealed record DropoutMask(double Probability, ulong Key, long FirstRow = 0)
{
    /// <remarks>
    /// What is drawn depends on the length of what is drawn. So on the CPU each image has a draw of its own, and parts of a batch drop what the whole would;
    /// elsewhere, where every call costs, all have one, and they do not.
    /// </remarks>
    /// <returns>A tensor like <paramref name="x"/>, in which elements are 0 or divided by the probability of being kept.</returns>
    internal Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var drawn = x.is_cpu() ? stack([.. Rows(x).Select(row => Draw(x.shape[1..], row, x.device))]) : Draw(x.shape, FirstRow, x.device);
        return (x * drawn.ge(Probability) / (1 - Probability)).MoveToOuterDisposeScope();
    }

    private IEnumerable<long> Rows(Tensor x)
    {
        for (var row = FirstRow; row < FirstRow + x.shape[0]; row++)
            yield return row;
    }

    private Tensor Draw(long[] shape, long row, Device device)
    {
        using var generator = new Generator(SplitMix.Next(Key) ^ SplitMix.Next((ulong)row), device);
        return rand(shape, dtype: ScalarType.Float32, device: device, generator: generator);
    }
}
