using Parquet.Compression;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>Reads a column chunk into the caller's memory: values packed at the front, levels beside them. Nothing in the file is trusted.</summary>
internal sealed class ColumnChunkReader<T> : IDisposable where T : struct
{
    private readonly DataField _field;
    private readonly ColumnMetaData _meta;
    private readonly ColumnType<T> _type;
    private readonly ChunkInput _input;
    private readonly PageCodec? _codec;
    private readonly PooledBuffer _page = new();
    private T[]? _dictionary;
    private int _slots;
    private int _values;

    internal ColumnChunkReader(Stream stream, DataField field, ColumnMetaData meta, ColumnType<T> type)
    {
        (_field, _meta, _type) = (field, meta, type);
        if (meta.Type != type.Physical) throw Corrupt($"stored as {meta.Type}, but the schema says {type.Physical}");
        var start = meta.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, meta.DataPageOffset) : meta.DataPageOffset;
        var end = stream.Length - ParquetActor.TailSize;
        if (start < ParquetActor.MarkSize || meta.TotalCompressedSize < 0 || meta.TotalCompressedSize > end - start)
            throw Corrupt($"its chunk lies at byte {start} with {meta.TotalCompressedSize} bytes, outside the file's {stream.Length}");
        _input = new ChunkInput(stream, start, meta.TotalCompressedSize);
        _codec = PageCodec.Create(meta.Codec);
    }

    public void Dispose()
    {
        _input.Dispose();
        _codec?.Dispose();
        _page.Dispose();
    }

    /// <summary>Adds up what the pages say they hold, without reading them.</summary>
    internal async ValueTask<long> CountSlotsAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        while (!_input.IsAtEnd)
        {
            var header = await _input.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            count += header.DataPageHeader?.NumValues ?? header.DataPageHeaderV2?.NumValues ?? 0;
            _input.SkipBody(header);
        }
        return count;
    }

    /// <param name="values">At least as many as the chunk has slots.</param>
    /// <param name="definition">Likewise; empty where the column has none.</param>
    /// <param name="repetition">Likewise.</param>
    /// <returns>How many values are there.</returns>
    internal async ValueTask<int> ReadAsync(Memory<T> values, Memory<int> definition, Memory<int> repetition, CancellationToken cancellationToken)
    {
        while (_slots < _meta.NumValues)
        {
            if (_input.IsAtEnd) throw Corrupt($"its chunk ends after {_slots} of {_meta.NumValues} values");
            var header = await _input.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            var body = await _input.ReadBodyAsync(header, cancellationToken).ConfigureAwait(false);
            switch (header.Type)
            {
                case PageType.DICTIONARY_PAGE:
                    ReadDictionary(header, body);
                    break;
                case PageType.DATA_PAGE:
                    ReadPage(header, body, values.Span, definition.Span, repetition.Span);
                    break;
                case PageType.DATA_PAGE_V2:
                    ReadPageV2(header, body, values.Span, definition.Span, repetition.Span);
                    break;
            }
        }
        return _values;
    }

    private void ReadDictionary(PageHeader header, ReadOnlyMemory<byte> body)
    {
        var count = header.DictionaryPageHeader?.NumValues ?? throw Corrupt("a dictionary page has no header of its kind");
        var page = Decompress(body, header.UncompressedPageSize);
        if (count < 0 || count > page.Length) throw Corrupt($"a dictionary of {page.Length} bytes states {count} values");
        _dictionary = new T[count];
        _type.Decode(page, Encoding.PLAIN, _dictionary);
    }

    private void ReadPage(PageHeader header, ReadOnlyMemory<byte> body, Span<T> values, Span<int> definition, Span<int> repetition)
    {
        var kind = header.DataPageHeader ?? throw Corrupt("a data page has no header of its kind");
        var page = Decompress(body, header.UncompressedPageSize);
        var count = CheckedCount(kind.NumValues);
        var reader = new ByteReader(page.Span);
        if (_field.MaxRepetitionLevel > 0) ReadLevels(TakeLevels(ref reader, kind.RepetitionLevelEncoding), _field.MaxRepetitionLevel, repetition.Slice(_slots, count));
        if (_field.MaxDefinitionLevel > 0) ReadLevels(TakeLevels(ref reader, kind.DefinitionLevelEncoding), _field.MaxDefinitionLevel, definition.Slice(_slots, count));
        ReadValues(page[^reader.Rest.Length..], kind.Encoding, count, values, definition);
    }

    private void ReadPageV2(PageHeader header, ReadOnlyMemory<byte> body, Span<T> values, Span<int> definition, Span<int> repetition)
    {
        var kind = header.DataPageHeaderV2 ?? throw Corrupt("a data page has no header of its kind");
        var count = CheckedCount(kind.NumValues);
        var reader = new ByteReader(body.Span);
        var repetitionBytes = reader.Take(kind.RepetitionLevelsByteLength);
        var definitionBytes = reader.Take(kind.DefinitionLevelsByteLength);
        if (_field.MaxRepetitionLevel > 0) ReadLevels(repetitionBytes, _field.MaxRepetitionLevel, repetition.Slice(_slots, count));
        if (_field.MaxDefinitionLevel > 0) ReadLevels(definitionBytes, _field.MaxDefinitionLevel, definition.Slice(_slots, count));
        var stored = body[^reader.Rest.Length..];
        var size = header.UncompressedPageSize - repetitionBytes.Length - definitionBytes.Length;
        ReadValues(kind.IsCompressed ?? true ? Decompress(stored, size) : stored, kind.Encoding, count, values, definition);
    }

    private int CheckedCount(int count) => count >= 0 && count <= _meta.NumValues - _slots ? count : throw Corrupt($"a page states {count} values, {_meta.NumValues - _slots} are left");

    private ReadOnlySpan<byte> TakeLevels(ref ByteReader reader, Encoding encoding) => encoding == Encoding.RLE
        ? reader.Take(reader.TakeInt32())
        : throw new NotSupportedException($"Column '{_field.Path}': levels are encoded as {encoding}, which is not supported; writers have used RLE for ten years.");

    private void ReadLevels(ReadOnlySpan<byte> encoded, int max, Span<int> levels)
    {
        RunLength.Decode(encoded, BitPacking.WidthOf((uint)max), levels);
        var bad = levels.IndexOfAnyExceptInRange(0, max);
        if (bad >= 0) throw Corrupt($"level {levels[bad]} is above {max}");
    }

    private void ReadValues(ReadOnlyMemory<byte> page, Encoding encoding, int slots, Span<T> values, Span<int> definition)
    {
        var count = _field.MaxDefinitionLevel > 0 ? definition.Slice(_slots, slots).Count(_field.MaxDefinitionLevel) : slots;
        var target = values.Slice(_values, count);
        if (encoding is Encoding.RLE_DICTIONARY or Encoding.PLAIN_DICTIONARY) LookUp(page.Span, target);
        else if (count > 0) _type.Decode(page, encoding, target);
        _slots += slots;
        _values += count;
    }

    private void LookUp(ReadOnlySpan<byte> page, Span<T> target)
    {
        if (target.Length == 0) return;
        var dictionary = _dictionary ?? throw Corrupt("a page refers to a dictionary that is not there");
        var reader = new ByteReader(page);
        var width = reader.TakeByte();
        using var numbers = new PooledArray<int>(target.Length);
        RunLength.Decode(reader.Rest, width, numbers.Span);
        var bad = numbers.Span.IndexOfAnyExceptInRange(0, dictionary.Length - 1);
        if (bad >= 0) throw Corrupt($"a page refers to entry {numbers.Span[bad]} of a dictionary of {dictionary.Length}");
        var of = numbers.Span;
        for (var i = 0; i < target.Length; i++) target[i] = dictionary[of[i]];
    }

    private ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> body, int size)
    {
        if (_codec is null) return body;
        if (size < 0 || size > (long)body.Length * _codec.LargestRatio + 64) throw Corrupt($"a page of {body.Length} bytes states {size} uncompressed");
        _page.Clear();
        var room = _page.Append(size);
        if (size > 0) _codec.Decompress(body, room);
        return _page.WrittenMemory;
    }

    private ParquetException Corrupt(string what) => new($"Column '{_field.Path}': {what}. The file is corrupt.");
}
