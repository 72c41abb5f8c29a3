using System.Runtime.InteropServices;
using Parquet.Columns;
using Parquet.Data;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet;

/// <summary>Reads the columns of a row group, in any order, into buffers of the caller's. Value buffers need as many slots as the chunk's <see cref="ColumnMetaData.NumValues"/>.</summary>
public class ParquetRowGroupReader : IDisposable
{
    private const int UsualSlotsPerByte = 64;

    private readonly Stream _stream;
    private readonly Dictionary<FieldPath, DataField> _columns;
    private readonly Dictionary<FieldPath, ColumnChunk> _chunks = [];

    internal ParquetRowGroupReader(Stream stream, RowGroup group, int index, Dictionary<FieldPath, DataField> columns)
    {
        (_stream, RowGroup, _columns) = (stream, group, columns);
        foreach (var chunk in group.Columns)
        {
            var meta = chunk.MetaData ?? throw new ParquetException($"Row group {index} has a column without metadata: the file is encrypted or corrupt.");
            var path = new FieldPath(meta.PathInSchema);
            if (!columns.TryGetValue(path, out var field)) throw new ParquetException($"Row group {index} has a column '{path}' that the schema lacks. The file is corrupt.");
            if (field.MaxRepetitionLevel == 0 ? meta.NumValues != group.NumRows : meta.NumValues < group.NumRows)
                throw new ParquetException($"Row group {index} has {group.NumRows} rows, its column '{path}' {meta.NumValues} values. The file is corrupt.");
            if (meta.NumValues is < 0 or > int.MaxValue) throw new ParquetException($"Row group {index}, column '{path}': {meta.NumValues} values. Allowed: up to {int.MaxValue} in a row group.");
            _chunks[path] = chunk;
        }
    }

    public RowGroup RowGroup { get; }

    public long RowCount => RowGroup.NumRows;

    public bool ColumnExists(DataField field) => GetMetadata(field) is not null;

    public ColumnChunk? GetMetadata(DataField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return _chunks.GetValueOrDefault(field.Path);
    }

    public Dictionary<string, string> GetCustomMetadata(DataField field) =>
        (GetMetadata(field)?.MetaData?.KeyValueMetadata ?? []).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value ?? "");

    /// <returns>Null where the file has no statistics of the column.</returns>
    public DataColumnStatistics? GetStatistics(DataField field)
    {
        var (own, element, meta) = Find(field);
        if (meta.Statistics is not { } stored) return null;
        var type = ColumnTypes.For(own, element);
        return new DataColumnStatistics(stored.NullCount, stored.DistinctCount, type.FromStatistic(stored.MinValue), type.FromStatistic(stored.MaxValue));
    }

    /// <summary>Reads a required flat column.</summary>
    public ValueTask ReadAsync<T>(DataField field, Memory<T> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default) where T : struct =>
        ReadRawAsync(field, values, definitionLevels: null, repetitionLevels, cancellationToken);

    /// <summary>Reads a nullable flat column. Lists are read by <see cref="ReadRawAsync"/>.</summary>
    public async ValueTask ReadAsync<T>(DataField field, Memory<T?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default) where T : struct
    {
        using var definition = FlatDefinition(field);
        using var present = new PooledArray<T>(values.Length);
        await ReadRawAsync(field, present.Memory, definition.Memory, repetitionLevels, cancellationToken).ConfigureAwait(false);
        Spread(definition.Span, present.Span, values.Span, static value => value);
    }

    /// <summary>Reads a flat column of strings.</summary>
    public async ValueTask ReadAsync(DataField field, Memory<string?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
    {
        using var definition = FlatDefinition(field);
        using var present = new PooledArray<ReadOnlyMemory<char>>(values.Length);
        await ReadRawAsync(field, present.Memory, definition.Memory, repetitionLevels, cancellationToken).ConfigureAwait(false);
        Spread(definition.Span, present.Span, values.Span, static value => MemoryMarshal.TryGetString(value, out var text, out _, out _) ? text : value.ToString());
    }

    /// <summary>Reads a flat column of byte arrays.</summary>
    public async ValueTask ReadAsync(DataField field, Memory<byte[]?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
    {
        using var definition = FlatDefinition(field);
        using var present = new PooledArray<ReadOnlyMemory<byte>>(values.Length);
        await ReadRawAsync(field, present.Memory, definition.Memory, repetitionLevels, cancellationToken).ConfigureAwait(false);
        Spread(definition.Span, present.Span, values.Span, static value => value.ToArray());
    }

    /// <summary>Reads any column as stored: the values that are there at the front of <paramref name="values"/>, and the levels that say where they belong.</summary>
    /// <exception cref="ArgumentException">A buffer is missing or too small, the type is not the column's, or the field is in no schema.</exception>
    /// <exception cref="ParquetException">The column is not in the file, or the file is corrupt.</exception>
    public async ValueTask ReadRawAsync<T>(DataField field, Memory<T> values, Memory<int>? definitionLevels, Memory<int>? repetitionLevels, CancellationToken cancellationToken = default)
        where T : struct
    {
        var (own, element, meta) = Find(field);
        var type = TypeOf<T>(field, own, element);
        CheckBuffer(own, nameof(values), values.Length, meta.NumValues);
        if (own.MaxDefinitionLevel > 0) CheckBuffer(own, nameof(definitionLevels), definitionLevels?.Length, meta.NumValues);
        if (own.MaxRepetitionLevel > 0) CheckBuffer(own, nameof(repetitionLevels), repetitionLevels?.Length, meta.NumValues);

        using var reader = new ColumnChunkReader<T>(_stream, own, meta, type);
        await reader.ReadAsync(values, definitionLevels ?? default, repetitionLevels ?? default, cancellationToken).ConfigureAwait(false);
        if (own.MaxRepetitionLevel > 0) CheckRows(own, repetitionLevels!.Value.Span[..(int)meta.NumValues]);   // not null: CheckBuffer
    }

    /// <summary>Reads any column as stored, into pooled buffers of the right size. The result is a <see cref="RawColumnData{T}"/> of the field's <see cref="DataField.ClrType"/>.</summary>
    public ValueTask<RawColumnData> ReadRawColumnDataBaseAsync(DataField field, CancellationToken cancellationToken = default)
    {
        var (own, element, _) = Find(field);
        return ColumnTypes.For(field.ClrType == own.ClrType ? own : field, element).ReadAsync(this, field, cancellationToken);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    internal async ValueTask<RawColumnData<T>> ReadRawColumnDataAsync<T>(DataField field, CancellationToken cancellationToken) where T : struct
    {
        var (own, element, meta) = Find(field);
        if (meta.NumValues / UsualSlotsPerByte > meta.TotalCompressedSize)
        {
            // So many values in so few bytes are all null, one value, or a lie: ask the pages before memory is taken.
            using var reader = new ColumnChunkReader<T>(_stream, own, meta, TypeOf<T>(field, own, element));
            var count = await reader.CountSlotsAsync(cancellationToken).ConfigureAwait(false);
            if (count != meta.NumValues) throw new ParquetException($"Column '{field.Path}' states {meta.NumValues} values, its pages hold {count}. The file is corrupt.");
        }
        var slots = (int)meta.NumValues;
        var values = new PooledArray<T>(slots);
        var definition = own.MaxDefinitionLevel > 0 ? new PooledArray<int>(slots) : null;
        var repetition = own.MaxRepetitionLevel > 0 ? new PooledArray<int>(slots) : null;
        var data = new RawColumnData<T>(values, definition, repetition);
        try
        {
            await ReadRawAsync(field, values.Memory, definition?.Memory, repetition?.Memory, cancellationToken).ConfigureAwait(false);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static ColumnType<T> TypeOf<T>(DataField field, DataField own, SchemaElement element) where T : struct
    {
        // The caller's own field may ask for another view of the same bytes, such as dates as DateOnly.
        var asked = own.ClrType == typeof(T) ? own : field;
        return asked.ClrType == typeof(T) && ColumnTypes.For(asked, element) is ColumnType<T> type
            ? type
            : throw new ArgumentException($"Column '{field.Path}' holds {own.ClrType}; it cannot be read as {typeof(T)}.", nameof(field));
    }

    private static void CheckBuffer(DataField field, string what, int? length, long needed)
    {
        if (length is null) throw new ArgumentException($"Column '{field.Path}' needs a buffer for {what}, {needed} long: {(field.MaxRepetitionLevel > 0 ? "it is in a list" : "it can hold nulls")}.", what);
        if (length < needed) throw new ArgumentException($"Column '{field.Path}': the buffer for {what} has {length} slots, {needed} are needed.", what);
    }

    private static void Spread<TStored, T>(ReadOnlySpan<int> definition, ReadOnlySpan<TStored> present, Span<T?> values, Func<TStored, T?> convert)
    {
        var next = 0;
        for (var i = 0; i < definition.Length; i++) values[i] = definition[i] == 0 ? default : convert(present[next++]);
    }

    /// <summary>Definition levels of a flat column, "there" everywhere until the file says otherwise.</summary>
    private PooledArray<int> FlatDefinition(DataField field)
    {
        var (own, _, meta) = Find(field);
        if (own.MaxRepetitionLevel > 0) throw new ArgumentException($"Column '{field.Path}' is in a list. Read it with {nameof(ReadRawAsync)} or {nameof(ReadRawColumnDataBaseAsync)}.", nameof(field));
        var levels = new PooledArray<int>((int)meta.NumValues);
        levels.Span.Fill(1);
        return levels;
    }

    private void CheckRows(DataField field, ReadOnlySpan<int> repetition)
    {
        var rows = repetition.Count(0);
        if (rows != RowCount || (repetition.Length > 0 && repetition[0] != 0)) throw new ParquetException($"Column '{field.Path}' starts {rows} rows, its row group has {RowCount}. The file is corrupt.");
    }

    private (DataField Own, SchemaElement Element, ColumnMetaData Meta) Find(DataField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        field.ThrowUnlessAttached(nameof(field));
        if (GetMetadata(field) is not { MetaData: { } meta } chunk || _columns[field.Path] is not { SchemaElement: { } element } own)
            throw new ParquetException($"Column '{field.Path}' is not in this file. It has: {string.Join(", ", _chunks.Keys)}.");
        if (chunk.FilePath is { Length: > 0 } path) throw new NotSupportedException($"Column '{field.Path}' lies in another file, '{path}'. That is not supported.");
        return (own, element, meta);
    }
}
