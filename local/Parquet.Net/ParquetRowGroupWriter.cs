using Parquet.Columns;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet;

/// <summary>Writes the columns of a row group, each once, in the order of <see cref="ParquetSchema.DataFields"/>. The first column decides how many rows there are.</summary>
public class ParquetRowGroupWriter : IDisposable
{
    private readonly ParquetOutput _output;
    private readonly ParquetSchema _schema;
    private readonly SchemaElement[] _elements;
    private readonly List<RowGroup> _target;
    private readonly ParquetOptions _options;
    private readonly RowGroup _group = new();
    private long? _rowCount;
    private bool _writing;   // stays true where a write fails midway: what it left behind is no column

    internal ParquetRowGroupWriter(ParquetOutput output, ParquetSchema schema, SchemaElement[] elements, List<RowGroup> target, ParquetOptions options) =>
        (_output, _schema, _elements, _target, _options) = (output, schema, elements, target, options);

    internal bool IsComplete => !_writing && _group.Columns.Count == _elements.Length;

    /// <summary>Writes a required column, or an array field of the old form with its <paramref name="repetitionLevels"/>.</summary>
    /// <param name="repetitionLevels">For lists: 0 starts a row, 1 continues it.</param>
    /// <param name="customMetadata">Keys and values of this column in this row group.</param>
    public Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? repetitionLevels = null, Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.MaxDefinitionLevel == 0) return WriteChunkAsync(field, values, default, repetitionLevels, customMetadata, cancellationToken);
        if (!field.IsArray)
            throw new InvalidOperationException($"Column '{field.Path}' can hold nulls, so its values need definition levels. Pass {typeof(T).Name}?[], or call {nameof(WriteAllPartsAsync)} with the levels.");
        return WriteArrayAsync(field, values, repetitionLevels, customMetadata, cancellationToken);
    }

    /// <summary>Writes a nullable column, or a list: a null is a null item, or an empty list where items are required.</summary>
    /// <exception cref="ArgumentException">A null in a required column, among others.</exception>
    public async Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T?> values, ReadOnlyMemory<int>? repetitionLevels = null, Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(field);
        using var present = new PooledArray<T>(values.Length);
        using var definition = new PooledArray<int>(values.Length);
        var count = Split(field, values.Span, present.Span, definition.Span);
        await WriteChunkAsync<T>(field, present.Memory[..count], DefinitionOf(field, definition), repetitionLevels, customMetadata, cancellationToken).ConfigureAwait(false);
    }

    public Task WriteAsync(DataField field, IReadOnlyCollection<string?> values, ReadOnlyMemory<int>? repetitionLevels = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return WriteObjectsAsync(field, values, text => text.AsMemory(), repetitionLevels);
    }

    public Task WriteAsync(DataField field, IReadOnlyCollection<byte[]?> values, ReadOnlyMemory<int>? repetitionLevels = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return WriteObjectsAsync(field, values, bytes => (ReadOnlyMemory<byte>)bytes.AsMemory(), repetitionLevels);
    }

    /// <summary>Writes any column as stored: the values that are there, and all levels.</summary>
    public Task WriteAllPartsAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? definitionValues, ReadOnlyMemory<int>? repetitionLevels, CancellationToken cancellationToken) where T : struct =>
        WriteChunkAsync(field, values, definitionValues, repetitionLevels, customMetadata: null, cancellationToken);

    /// <exception cref="InvalidOperationException">Columns are missing.</exception>
    public void CompleteValidate()
    {
        if (_writing) throw new InvalidOperationException($"Writing column '{_schema.DataFields[_group.Columns.Count].Path}' failed or is still going on; the row group is not whole.");
        if (!IsComplete)
            throw new InvalidOperationException(
                $"The row group has {_group.Columns.Count} of {_elements.Length} columns. Missing: {string.Join(", ", _schema.DataFields.Skip(_group.Columns.Count).Select(f => f.Path))}.");
    }

    /// <summary>Ends the row group. It never throws; <see cref="CompleteValidate"/> does.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    private static int Split<T>(DataField field, ReadOnlySpan<T?> values, Span<T> present, Span<int> definition) where T : struct
    {
        var count = 0;
        var max = field.MaxDefinitionLevel;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value) (present[count++], definition[i]) = (value, max);
            else definition[i] = max > 0 ? max - 1 : throw NullInRequired(field, i);
        }
        return count;
    }

    private static ReadOnlyMemory<int>? DefinitionOf(DataField field, PooledArray<int> levels) => field.MaxDefinitionLevel > 0 ? levels.Memory : null;

    private static ArgumentException NullInRequired(DataField field, int row) =>
        new($"Column '{field.Path}' is required, but value {row} is null. Give a value, or declare the column nullable.", nameof(field));

    private async Task WriteArrayAsync<T>(DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? repetitionLevels, Dictionary<string, string>? customMetadata, CancellationToken cancellationToken)
        where T : struct
    {
        using var definition = new PooledArray<int>(values.Length);
        definition.Span.Fill(field.MaxDefinitionLevel);
        await WriteChunkAsync<T>(field, values, definition.Memory, repetitionLevels, customMetadata, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteObjectsAsync<TObject, T>(DataField field, IReadOnlyCollection<TObject?> values, Func<TObject, T> view, ReadOnlyMemory<int>? repetitionLevels)
        where TObject : class where T : struct
    {
        ArgumentNullException.ThrowIfNull(field);
        using var present = new PooledArray<T>(values.Count);
        using var definition = new PooledArray<int>(values.Count);
        var (slot, count, max) = (0, 0, field.MaxDefinitionLevel);
        foreach (var value in values)
        {
            if (value is not null) (present.Span[count++], definition.Span[slot]) = (view(value), max);
            else definition.Span[slot] = max > 0 ? max - 1 : throw NullInRequired(field, slot);
            slot++;
        }
        await WriteChunkAsync<T>(field, present.Memory[..count], DefinitionOf(field, definition), repetitionLevels, customMetadata: null, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task WriteChunkAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? definition, ReadOnlyMemory<int>? repetition, Dictionary<string, string>? customMetadata, CancellationToken cancellationToken)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(field);
        field.ThrowUnlessAttached(nameof(field));
        if (_writing) CompleteValidate();
        if (IsComplete) throw new InvalidOperationException($"Column '{field.Path}' is one too many: all {_elements.Length} columns of the row group are written.");
        var expected = _schema.DataFields[_group.Columns.Count];
        if (!expected.Path.Equals(field.Path)) throw new ArgumentException($"Column '{field.Path}' is not the next one. Columns are written in the order of the schema; expected: '{expected.Path}'.", nameof(field));
        if (ColumnTypes.For(expected, _elements[_group.Columns.Count]) is not ColumnType<T> type) throw new ArgumentException($"Column '{field.Path}' holds {expected.ClrType}, but values of {typeof(T)} are given.", nameof(values));
        if (expected.MaxRepetitionLevel > 0 && repetition is null) throw new ArgumentException($"Column '{field.Path}' is in a list, so it needs repetition levels: 0 starts a row, 1 continues it.", nameof(repetition));
        if (expected.MaxDefinitionLevel > 0 && definition is null) throw new ArgumentException($"Column '{field.Path}' can hold nulls, so it needs definition levels, 0 to {expected.MaxDefinitionLevel}.", nameof(definition));

        var levels = new ColumnLevels(
            expected, values.Length, expected.MaxDefinitionLevel > 0 ? definition!.Value : default, expected.MaxRepetitionLevel > 0 ? repetition!.Value : default);   // not null: checked above
        if (_rowCount is { } rows && rows != levels.RowCount)
            throw new InvalidOperationException($"Column '{field.Path}' has {levels.RowCount} rows, but the first column of the row group has {rows}. All columns need the same number.");
        _rowCount = levels.RowCount;
        _group.FileOffset ??= _output.Position;

        using var writer = new ColumnChunkWriter<T>(_output, expected, type, _options);
        _writing = true;
        _group.Columns.Add(await writer.WriteAsync(values, levels, customMetadata, cancellationToken).ConfigureAwait(false));
        _writing = false;
        if (IsComplete) Finish();
    }

    private void Finish()
    {
        _group.NumRows = _rowCount ?? 0;
        _group.TotalByteSize = _group.Columns.Sum(column => column.MetaData?.TotalUncompressedSize ?? 0);
        _group.TotalCompressedSize = _group.Columns.Sum(column => column.MetaData?.TotalCompressedSize ?? 0);
        _group.Ordinal = _target.Count <= short.MaxValue ? (short)_target.Count : null;
        _target.Add(_group);
    }
}
