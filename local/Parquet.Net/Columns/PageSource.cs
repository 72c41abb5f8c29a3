using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>What the data pages of a chunk are made of: the values, or their numbers in a dictionary.</summary>
internal abstract class PageSource
{
    internal abstract Encoding Encoding { get; }

    internal abstract int CountWithin(int start, int bytes);

    internal abstract void Encode(int start, int count, PooledBuffer output);
}
