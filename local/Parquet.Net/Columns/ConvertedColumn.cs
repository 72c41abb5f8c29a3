using System.Runtime.CompilerServices;
using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>Values that are stored as another type: small integers, dates, decimals, identifiers.</summary>
/// <param name="isOrdered">False where the format defines no order, so that no minimum and maximum are stored.</param>
internal sealed class ConvertedColumn<T, TStored>(PhysicalType<TStored> physical, Func<T, TStored> store, Func<TStored, T> load, bool isOrdered = true) : ColumnType<T>
    where T : struct where TStored : struct
{
    internal override Meta.Type Physical => physical.Type;

    internal override Encoding EncodingFor(EncodingHint hint) => physical.EncodingFor(hint);

    internal override int CountWithin(ReadOnlySpan<T> values, int bytes) => Math.Min(values.Length, bytes / Unsafe.SizeOf<TStored>());

    internal override void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output)
    {
        using var stored = new PooledArray<TStored>(values.Length);
        for (var i = 0; i < values.Length; i++) stored.Span[i] = store(values[i]);
        physical.Encode(stored.Span, encoding, output);
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values)
    {
        using var stored = new PooledArray<TStored>(values.Length);
        physical.Decode(page, encoding, stored.Span);
        for (var i = 0; i < values.Length; i++) values[i] = load(stored.Span[i]);
    }

    internal override ValueRange<T>? NewRange() => isOrdered ? new ComparedRange<T>(Comparer<T>.Default) : null;
}
