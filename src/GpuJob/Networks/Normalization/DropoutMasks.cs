using LznPipeline.GpuJob.Randomness;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Gives each place that drops elements a mask of its own. The masks of a pass through a network depend on its seed alone, and on no generator that others draw from.</summary>
internal sealed class DropoutMasks
{
    private ulong _state;
    private long _firstRow;

    /// <summary>Before a pass: the same seed gives the same masks in the same order.</summary>
    /// <param name="firstRow">Where the images stand in the batch that the seed is for, so that parts of it drop what the whole would.</param>
    internal void Begin(ulong seed, long firstRow) => (_state, _firstRow) = (seed, firstRow);

    internal DropoutMask Next(double probability) => new(probability, _state = SplitMix.Next(_state), _firstRow);
}
