using System.Buffers;

namespace Parquet.Data;

/// <summary>A column chunk as stored: values that are there, and the levels that say where. Disposing returns the pooled buffers.</summary>
public abstract class RawColumnData : IDisposable
{
    private readonly IMemoryOwner<int>? _definitionLevels;
    private readonly IMemoryOwner<int>? _repetitionLevels;

    private protected RawColumnData(IMemoryOwner<int>? definitionLevels, IMemoryOwner<int>? repetitionLevels)
    {
        _definitionLevels = definitionLevels;
        _repetitionLevels = repetitionLevels;
    }

    public Span<int> DefinitionLevels =>
        _definitionLevels is null ? throw new InvalidOperationException("The column is required in a flat schema: it has no definition levels.") : _definitionLevels.Memory.Span;

    public Span<int> RepetitionLevels =>
        _repetitionLevels is null ? throw new InvalidOperationException("The column is in no list: it has no repetition levels.") : _repetitionLevels.Memory.Span;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _definitionLevels?.Dispose();
        _repetitionLevels?.Dispose();
    }
}
