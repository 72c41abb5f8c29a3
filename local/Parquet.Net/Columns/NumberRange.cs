using System.Numerics;

namespace Parquet.Columns;

/// <summary>A range of numbers, several at a time.</summary>
internal sealed class NumberRange<T> : ValueRange<T> where T : struct, INumber<T>, IMinMaxValue<T>
{
    private (T Min, T Max)? _bounds;

    /// <summary>Zeros are widened to -0 and +0, as the format asks, because readers may compare either way.</summary>
    internal override (T Min, T Max)? Bounds =>
        _bounds is not { } bounds || T.IsNaN(bounds.Min) || T.IsNaN(bounds.Max) ? null
        : (T.IsZero(bounds.Min) ? -T.Zero : bounds.Min, T.IsZero(bounds.Max) ? T.Zero : bounds.Max);

    internal override void Include(ReadOnlySpan<T> values)
    {
        if (values.Length == 0) return;
        var (min, max) = _bounds ?? (values[0], values[0]);
        if (values.Length >= Vector<T>.Count)
        {
            Vector<T> low = new(min), high = new(max);
            for (; values.Length >= Vector<T>.Count; values = values[Vector<T>.Count..])
            {
                var part = new Vector<T>(values);
                low = Vector.Min(low, part);
                high = Vector.Max(high, part);
            }
            for (var i = 0; i < Vector<T>.Count; i++) (min, max) = (T.Min(min, low[i]), T.Max(max, high[i]));
        }
        foreach (var value in values) (min, max) = (T.Min(min, value), T.Max(max, value));
        _bounds = (min, max);
    }
}
