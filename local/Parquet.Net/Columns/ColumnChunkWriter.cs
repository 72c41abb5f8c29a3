using Parquet.Compression;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Meta.Proto;
using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>
/// Writes a column chunk: a dictionary page where one is wanted, then data pages (version 1) of about a mebibyte, so that encoding, compressing and writing happen in the cache
/// and no chunk is too long for the format.
/// </summary>
internal sealed class ColumnChunkWriter<T>(ParquetOutput output, DataField field, ColumnType<T> type, ParquetOptions options) : IDisposable where T : struct
{
    private const int PageBytes = 1 << 20;
    private const int LongestPage = 1 << 22;   // slots; only nulls and runs get there

    private readonly PageCodec? _codec = PageCodec.Create((CompressionCodec)options.CompressionMethod, options.CompressionLevel);
    private readonly PooledBuffer _page = new();
    private readonly PooledBuffer _compressed = new();
    private readonly PooledBuffer _header = new();
    private long _uncompressedSize;

    public void Dispose()
    {
        _codec?.Dispose();
        _page.Dispose();
        _compressed.Dispose();
        _header.Dispose();
    }

    internal async Task<ColumnChunk> WriteAsync(ReadOnlyMemory<T> values, ColumnLevels levels, Dictionary<string, string>? customMetadata, CancellationToken cancellationToken)
    {
        var start = output.Position;
        var range = type.NewRange();
        var hint = options.HintFor(field);
        using var dictionary = hint == EncodingHint.Dictionary && values is ReadOnlyMemory<ReadOnlyMemory<char>> texts
            ? DictionarySource.TryCreate(texts.Span, options.DictionaryEncodingThreshold)
            : null;
        if (dictionary is not null) await WriteDictionaryAsync((ReadOnlyMemory<T>)(object)dictionary.Entries, range, cancellationToken).ConfigureAwait(false);

        var dataStart = output.Position;
        var source = dictionary ?? (PageSource)new ValueSource<T>(values, type, type.EncodingFor(hint), range);
        await WritePagesAsync(source, values.Length, levels, cancellationToken).ConfigureAwait(false);

        return new ColumnChunk
        {
            FileOffset = start,
            MetaData = new ColumnMetaData
            {
                Type = type.Physical,
                Encodings = dictionary is null ? [source.Encoding, Encoding.RLE] : [Encoding.PLAIN, Encoding.RLE, source.Encoding],
                PathInSchema = field.Path.ToList(),
                Codec = (CompressionCodec)options.CompressionMethod,
                NumValues = levels.Count,
                TotalUncompressedSize = _uncompressedSize,
                TotalCompressedSize = output.Position - start,
                DictionaryPageOffset = dictionary is null ? null : start,
                DataPageOffset = dataStart,
                KeyValueMetadata = customMetadata?.Select(pair => new KeyValue { Key = pair.Key, Value = pair.Value }).ToList(),
                Statistics = Statistics(range, levels.Count - values.Length),
            },
        };
    }

    private async Task WriteDictionaryAsync(ReadOnlyMemory<T> entries, ValueRange<T>? range, CancellationToken cancellationToken)
    {
        range?.Include(entries.Span);
        _page.Clear();
        type.Encode(entries.Span, Encoding.PLAIN, _page);
        await WritePageAsync(new PageHeader { Type = PageType.DICTIONARY_PAGE, DictionaryPageHeader = new() { NumValues = entries.Length, Encoding = Encoding.PLAIN } }, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task WritePagesAsync(PageSource source, int valueCount, ColumnLevels levels, CancellationToken cancellationToken)
    {
        var slot = 0;
        var value = 0;
        do
        {
            var slots = levels.PageLength(slot, value == valueCount ? 0 : source.CountWithin(value, PageBytes), LongestPage);
            var values = levels.DefinedIn(slot, slots);
            _page.Clear();
            if (levels.HasRepetitions) WriteLevels(levels.Repetition(slot, slots), field.MaxRepetitionLevel);
            if (levels.HasDefinitions) WriteLevels(levels.Definition(slot, slots), field.MaxDefinitionLevel);
            source.Encode(value, values, _page);
            var header = new DataPageHeader { NumValues = slots, Encoding = source.Encoding, DefinitionLevelEncoding = Encoding.RLE, RepetitionLevelEncoding = Encoding.RLE };
            await WritePageAsync(new PageHeader { Type = PageType.DATA_PAGE, DataPageHeader = header }, cancellationToken).ConfigureAwait(false);
            (slot, value) = (slot + slots, value + values);
        }
        while (slot < levels.Count);
    }

    private void WriteLevels(ReadOnlySpan<int> levels, int max)
    {
        var start = _page.Length;
        _page.WriteInt32(0);
        RunLength.Encode(levels, BitPacking.WidthOf((uint)max), _page);
        _page.WriteInt32At(start, _page.Length - start - sizeof(int));
    }

    private async Task WritePageAsync(PageHeader header, CancellationToken cancellationToken)
    {
        var body = _page;
        if (_codec is not null)
        {
            _compressed.Clear();
            _codec.Compress(_page.WrittenMemory, _compressed);
            body = _compressed;
        }
        header.UncompressedPageSize = _page.Length;
        header.CompressedPageSize = body.Length;
        _header.Clear();
        PageHeader.Layout.Write(new ThriftWriter(_header), header);
        _uncompressedSize += _header.Length + _page.Length;
        await output.WriteAsync(_header.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(body.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private Statistics Statistics(ValueRange<T>? range, long nulls)
    {
        var statistics = new Statistics { NullCount = nulls };
        if (range?.Bounds is not { } bounds || type.ToStatistic(bounds.Min) is not { } min || type.ToStatistic(bounds.Max) is not { } max) return statistics;
        (statistics.MinValue, statistics.MaxValue) = (min, max);
        return statistics;
    }
}
