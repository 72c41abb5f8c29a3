using System.Buffers;

namespace Parquet.Data;

/// <summary>A column chunk of <typeparamref name="T"/> as stored.</summary>
public class RawColumnData<T> : RawColumnData where T : struct
{
    private readonly IMemoryOwner<T> _values;

    internal RawColumnData(IMemoryOwner<T> values, IMemoryOwner<int>? definitionLevels, IMemoryOwner<int>? repetitionLevels)
        : base(definitionLevels, repetitionLevels) => _values = values;

    /// <summary>As many slots as the chunk has levels; the values that are there come first, what follows them is undefined.</summary>
    public Span<T> Values => _values.Memory.Span;

    /// <summary>The values of a flat nullable column, nulls in place. Lists need the levels.</summary>
    public IEnumerable<T?> NullableValues
    {
        get
        {
            for (int i = 0, value = 0; i < DefinitionLevels.Length; i++) yield return DefinitionLevels[i] == 0 ? null : Values[value++];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _values.Dispose();
        base.Dispose(disposing);
    }
}
