using System.Buffers;
using System.Runtime.CompilerServices;

namespace Parquet.Encodings;

/// <summary>Pooled memory of exactly the length asked for.</summary>
internal sealed class PooledArray<T>(int length) : IMemoryOwner<T>
{
    private T[]? _items = ArrayPool<T>.Shared.Rent(length);

    public Memory<T> Memory => Items.AsMemory(0, length);

    internal Span<T> Span => Items.AsSpan(0, length);

    private T[] Items => _items ?? throw new ObjectDisposedException(nameof(PooledArray<>));

    public void Dispose()
    {
        if (_items is null) return;
        ArrayPool<T>.Shared.Return(_items, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        _items = null;
    }
}
