namespace Parquet.Columns;

/// <summary>A range by comparer.</summary>
internal sealed class ComparedRange<T>(IComparer<T> comparer) : ValueRange<T> where T : struct
{
    private (T Min, T Max)? _bounds;

    internal override (T Min, T Max)? Bounds => _bounds;

    internal override void Include(ReadOnlySpan<T> values)
    {
        if (values.Length == 0) return;
        var (min, max) = _bounds ?? (values[0], values[0]);
        foreach (var value in values)
        {
            if (comparer.Compare(value, min) < 0) min = value;
            else if (comparer.Compare(value, max) > 0) max = value;
        }
        _bounds = (min, max);
    }
}
