using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>Pages of numbers of strings, and the distinct strings themselves.</summary>
internal sealed class DictionarySource : PageSource, IDisposable
{
    private readonly PooledArray<int> _numbers;
    private readonly List<ReadOnlyMemory<char>> _entries;

    private DictionarySource(int count, List<ReadOnlyMemory<char>> entries)
    {
        _numbers = new PooledArray<int>(count);
        _entries = entries;
    }

    internal ReadOnlyMemory<ReadOnlyMemory<char>> Entries => _entries.ToArray();

    internal override Encoding Encoding => Encoding.RLE_DICTIONARY;

    public void Dispose() => _numbers.Dispose();

    /// <returns>Null where more than <paramref name="threshold"/> of the values are distinct.</returns>
    internal static DictionarySource? TryCreate(ReadOnlySpan<ReadOnlyMemory<char>> values, double threshold)
    {
        var most = (int)Math.Min(int.MaxValue, values.Length * threshold);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        var entries = new List<ReadOnlyMemory<char>>();
        var source = new DictionarySource(values.Length, entries);
        for (var i = 0; i < values.Length; i++)
        {
            if (lookup.TryGetValue(values[i].Span, out source._numbers.Span[i])) continue;
            if (entries.Count == most)
            {
                source.Dispose();
                return null;
            }
            lookup[values[i].Span] = source._numbers.Span[i] = entries.Count;
            entries.Add(values[i]);
        }
        return source;
    }

    internal override int CountWithin(int start, int bytes) => Math.Min(_numbers.Span.Length - start, bytes / sizeof(int));

    internal override void Encode(int start, int count, PooledBuffer output)
    {
        var width = BitPacking.WidthOf((uint)Math.Max(0, _entries.Count - 1));
        output.WriteByte((byte)width);
        RunLength.Encode(_numbers.Span.Slice(start, count), width, output);
    }
}
