using System.Numerics;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Which elements of a tensor are dropped: a function of a key and of the element's number, so that it can be computed again instead of being kept, in any order and on any thread.</summary>
/// <param name="probability">Of being dropped, 0 to below 1.</param>
/// <param name="key">Drawn once for each tensor.</param>
internal readonly struct DropoutMask(double probability, ulong key)
{
    private readonly Vector<uint> _first = new((uint)key);
    private readonly Vector<uint> _second = new((uint)(key >> 32));
    private readonly Vector<uint> _dropped = new((uint)(probability * 4294967296.0));   // of 2^32
    private readonly Vector<float> _kept = new((float)(1 / (1 - probability)));

    internal bool Drops { get; } = probability > 0;

    /// <summary>What to multiply the elements from <paramref name="index"/> on by: 0, or 1 over the probability of being kept.</summary>
    internal Vector<float> From(uint index)
    {
        var drawn = Mix(Mix(new Vector<uint>(index) + Vector<uint>.Indices ^ _first) + _second);
        return Vector.ConditionalSelect(Vector.AsVectorSingle(Vector.LessThan(drawn, _dropped)), Vector<float>.Zero, _kept);
    }

    /// <summary>A bijection of 32 bits of which every input bit changes about half of the output bits (Wellons, Prospecting for hash functions, 2018).</summary>
    private static Vector<uint> Mix(Vector<uint> x)
    {
        x = (x ^ Vector.ShiftRightLogical(x, 16)) * 0x7feb352d;
        x = (x ^ Vector.ShiftRightLogical(x, 15)) * 0x846ca68b;
        return x ^ Vector.ShiftRightLogical(x, 16);
    }
}
