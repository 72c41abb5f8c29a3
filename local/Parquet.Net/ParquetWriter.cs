using Parquet.Columns;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Meta.Proto;
using Parquet.Schema;

namespace Parquet;

/// <summary>
/// Writes a file, row group by row group. Disposing writes the footer, without which no reader takes the file; the stream stays open. Where writing failed, or a row group
/// lacks columns, no footer is written, so that half a file never looks whole; an appended-to file is set back to what it was.
/// </summary>
public sealed class ParquetWriter : ParquetActor, IAsyncDisposable
{
    private readonly ParquetSchema _schema;
    private readonly ParquetOptions _options;
    private readonly ParquetOutput _output;
    private readonly FileMetaData _footer;
    private readonly long? _appendedAt;
    private ParquetRowGroupWriter? _last;
    private bool _disposed;

    private ParquetWriter(ParquetSchema schema, Stream output, ParquetOptions options, FileMetaData footer, long? appendedAt) : base(output)
    {
        (_schema, _options, _footer, _appendedAt) = (schema, options, footer, appendedAt);
        _output = new ParquetOutput(output, appendedAt ?? (output.CanSeek ? output.Position : 0));
        CustomMetadata = (footer.KeyValueMetadata ?? []).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value ?? "");
    }

    /// <summary>File-level keys and values; set before disposing.</summary>
    public IReadOnlyDictionary<string, string> CustomMetadata { get; set; }

    /// <param name="append">Adds row groups to the file that <paramref name="output"/> holds, which must have an equal schema.</param>
    /// <exception cref="ArgumentException">The stream cannot be written, or two columns have one path.</exception>
    /// <exception cref="IOException">Appending to a stream that is empty or cannot seek.</exception>
    /// <exception cref="ParquetException">Appending with another schema.</exception>
    public static async Task<ParquetWriter> CreateAsync(
        ParquetSchema schema, Stream output, ParquetOptions? options = null, bool append = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(output);
        if (!output.CanWrite) throw new ArgumentException("The stream cannot be written to.", nameof(output));
        if (schema.DataFields.GroupBy(field => field.Path).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"The schema has {twice.Count()} columns named '{twice.Key}'. Give each its own name.", nameof(schema));
        options ??= new ParquetOptions();

        if (append) return await AppendAsync(schema, output, options, cancellationToken).ConfigureAwait(false);
        var elements = SchemaWriter.Describe(schema);
        var footer = new FileMetaData
        {
            Schema = elements,
            CreatedBy = $"Parquet.Net version {typeof(ParquetWriter).Assembly.GetName().Version?.ToString(3)} (build local)",
            ColumnOrders = [.. schema.DataFields.Select(_ => new ColumnOrder { TYPEORDER = new TypeDefinedOrder() })],
        };
        var writer = new ParquetWriter(schema, output, options, footer, appendedAt: null);
        await writer._output.WriteAsync(Mark.ToArray(), cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <exception cref="InvalidOperationException">The row group before lacks columns.</exception>
    public ParquetRowGroupWriter CreateRowGroup()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _last?.CompleteValidate();
        return _last = new ParquetRowGroupWriter(_output, _schema, [.. _footer.Schema.Where(element => element.Type is not null)], _footer.RowGroups, _options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_last is { IsComplete: false })
        {
            if (_appendedAt is { } end) Stream.SetLength(end);
            return;
        }
        _footer.NumRows = _footer.RowGroups.Sum(group => group.NumRows);
        _footer.KeyValueMetadata = CustomMetadata is { Count: > 0 } ? [.. CustomMetadata.Select(pair => new KeyValue { Key = pair.Key, Value = pair.Value })] : null;
        using var bytes = new PooledBuffer();
        FileMetaData.Layout.Write(new ThriftWriter(bytes), _footer);
        bytes.WriteInt32(bytes.Length);
        bytes.Write(Mark);
        await _output.WriteAsync(bytes.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
        await Stream.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>New row groups go behind the old footer, which stays as dead bytes: until the new one is written the old file can be had back.</summary>
    private static async Task<ParquetWriter> AppendAsync(ParquetSchema schema, Stream output, ParquetOptions options, CancellationToken cancellationToken)
    {
        if (!output.CanSeek || !output.CanRead) throw new IOException("Appending needs a stream that can seek and read.");
        if (output.Length == 0) throw new IOException("There is no file to append to: the stream is empty.");
        var end = output.Length;
        var footer = await ReadFooterAsync(output, cancellationToken).ConfigureAwait(false);
        var existing = new SchemaReader(footer.Schema, options).Read();
        if (!schema.Equals(existing)) throw new ParquetException($"The file to append to has other columns. Its: {string.Join(", ", existing.DataFields)}. Given: {string.Join(", ", schema.DataFields)}.");
        output.Seek(end, SeekOrigin.Begin);
        return new ParquetWriter(schema, output, options, footer, end);
    }
}
