namespace Parquet.Columns;

/// <summary>Smallest and largest of the values seen.</summary>
internal abstract class ValueRange<T> where T : struct
{
    /// <summary>Null while nothing was seen, or where a value has no place in the order (NaN).</summary>
    internal abstract (T Min, T Max)? Bounds { get; }

    internal abstract void Include(ReadOnlySpan<T> values);
}
