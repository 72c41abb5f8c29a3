using System.Numerics;
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

/// <summary>
/// Which elements of a tensor are dropped: a function of a key and of the element's number,
/// so that it can be computed again instead of being kept, in any order and on any thread.
/// </summary>
/// <param name="probability">Of being dropped, 0 to below 1.</param>
/// <param name="key">Another one for each tensor.</param>
/// <param name="firstRow">Number of the tensor's first image in its batch.</param>
internal readonly struct DropoutMask(double probability, ulong key, long firstRow = 0)
{
    private readonly Vector<uint> _first = new((uint)key);
    private readonly Vector<uint> _second = new((uint)(key >> 32));
    private readonly Vector<uint> _dropped = new((uint)(probability * 4294967296.0));   // of 2^32
    private readonly Vector<float> _kept = new((float)(1 / (1 - probability)));

    internal bool Drops { get; } = probability > 0;

    internal long FirstRow { get; } = firstRow;

    /// <summary>What to multiply the elements from <paramref name="index"/> on by: 0, or 1 over the probability of being kept.</summary>
    internal Vector<float> From(uint index)
    {
        var drawn = Mix(Mix(new Vector<uint>(index) + Vector<uint>.Indices ^ _first) + _second);
        return Vector.ConditionalSelect(Vector.AsVectorSingle(Vector.LessThan(drawn, _dropped)), Vector<float>.Zero, _kept);
    }

    /// <summary>
    /// Drops with libtorch's operators, on any device. The elements are others than those of <see cref="From"/>, and others for each <see cref="FirstRow"/>.
    /// </summary>
    /// <returns>A tensor like <paramref name="x"/>.</returns>
    internal Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(SplitMix.Next(key) ^ (ulong)FirstRow, x.device);
        var kept = rand(x.shape, dtype: ScalarType.Float32, device: x.device, generator: generator).ge(probability);
        return (x * kept / (1 - probability)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A bijection of 32 bits of which every input bit changes about half of the output bits (Wellons, Prospecting for hash functions, 2018).
    /// </summary>
    private static Vector<uint> Mix(Vector<uint> x)
    {
        x = (x ^ Vector.ShiftRightLogical(x, 16)) * 0x7feb352d;
        x = (x ^ Vector.ShiftRightLogical(x, 15)) * 0x846ca68b;
        return x ^ Vector.ShiftRightLogical(x, 16);
    }
}
