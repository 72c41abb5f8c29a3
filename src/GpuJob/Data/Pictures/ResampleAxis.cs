namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>For each new pixel of a row or column, which old pixels it takes and how much of each: a triangle as wide as the new pixel, never narrower than an old one.</summary>
/// <remarks>Weights are whole numbers over 2^22, calculated as Pillow does, so that resized pixels are the same to the bit. Made once and set anew for each picture.</remarks>
internal sealed class ResampleAxis
{
    /// <summary>A weight of one is 2 to this.</summary>
    internal const int Bits = 22;

    private int[] _first = [];
    private int[] _taps = [];
    private uint[] _weights = [];
    private double[] _exact = [];
    private int _stride;

    /// <summary>Number of new pixels.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether each new pixel is an old one.</summary>
    internal bool IsIdentity { get; private set; }

    /// <summary>First old pixel that is taken at all.</summary>
    internal int Begin { get; private set; }

    /// <summary>Where the old pixels end that are taken at all.</summary>
    internal int End { get; private set; }

    /// <param name="begin">Where the old pixels begin that may be taken; need not be whole.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="scaled">New pixels for all of them.</param>
    /// <param name="skipped">New pixels at the beginning that are not wanted.</param>
    /// <param name="count">New pixels that are wanted.</param>
    /// <param name="mirrored">Whether the last new pixel comes first.</param>
    internal void Set(double begin, double end, int scaled, int skipped, int count, bool mirrored)
    {
        var scale = (end - begin) / scaled;
        var reach = Math.Max(1, scale);
        var (origin, limit) = ((int)Math.Floor(begin), (int)Math.Ceiling(end) - (int)Math.Floor(begin));
        Reserve(count, (int)Math.Ceiling(reach) * 2 + 1);
        IsIdentity = scale == 1 && origin == begin;
        (Begin, End) = (int.MaxValue, 0);
        for (var index = 0; index < count; index++)
        {
            var center = begin - origin + (skipped + index + 0.5) * scale;
            var first = Math.Max(0, (int)(center - reach + 0.5));
            var taps = Math.Min(limit, (int)(center + reach + 0.5)) - first;
            var place = mirrored ? count - 1 - index : index;
            (_first[place], _taps[place]) = (origin + first, taps);
            Weigh(_weights.AsSpan(place * _stride, taps), first + 0.5 - center, reach);
            (Begin, End) = (Math.Min(Begin, origin + first), Math.Max(End, origin + first + taps));
        }
    }

    /// <summary>Weights of the old pixels from <paramref name="first"/> on that make a new one.</summary>
    internal ReadOnlySpan<uint> Weights(int index, out int first)
    {
        first = _first[index];
        return _weights.AsSpan(index * _stride, _taps[index]);
    }

    private void Reserve(int count, int stride)
    {
        (Count, _stride) = (count, stride);
        if (_first.Length < count)
            (_first, _taps) = (new int[count], new int[count]);
        if (_exact.Length < stride)
            _exact = new double[stride];
        if (_weights.Length < count * stride)
            _weights = new uint[count * stride];
    }

    /// <param name="distance">From the new pixel's centre to that of the first old one.</param>
    private void Weigh(Span<uint> weights, double distance, double reach)
    {
        var (inverse, total) = (1 / reach, 0.0);
        for (var tap = 0; tap < weights.Length; tap++)
            total += _exact[tap] = Math.Max(0, 1 - Math.Abs((distance + tap) * inverse));
        for (var tap = 0; tap < weights.Length; tap++)
            weights[tap] = (uint)(0.5 + _exact[tap] / total * (1 << Bits));
    }
}
