using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>Numbers whose bits are those of the physical type: nothing is converted, pages are copies of memory.</summary>
internal sealed class DirectColumn<T, TStored>(PhysicalType<TStored> physical) : ColumnType<T> where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStored : unmanaged
{
    internal override Meta.Type Physical => physical.Type;

    internal override Encoding EncodingFor(EncodingHint hint) => physical.EncodingFor(hint);

    internal override int CountWithin(ReadOnlySpan<T> values, int bytes) => Math.Min(values.Length, bytes / Unsafe.SizeOf<T>());

    internal override void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output) => physical.Encode(MemoryMarshal.Cast<T, TStored>(values), encoding, output);

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values) => physical.Decode(page, encoding, MemoryMarshal.Cast<T, TStored>(values));

    internal override ValueRange<T> NewRange() => new NumberRange<T>();
}
