using Parquet.Meta;
using Parquet.Schema;

namespace Parquet;

/// <summary>Reads a file. Not for several threads at once: open one reader for each.</summary>
public class ParquetReader : ParquetActor, IAsyncDisposable
{
    private readonly ParquetOptions _options;
    private readonly bool _leaveStreamOpen;
    private readonly FileMetaData _footer;
    private readonly ParquetRowGroupReader[] _groups;

    private ParquetReader(Stream input, ParquetOptions options, bool leaveStreamOpen, FileMetaData footer) : base(input)
    {
        (_options, _leaveStreamOpen, _footer) = (options, leaveStreamOpen, footer);
        var columns = Schema.DataFields.ToDictionary(field => field.Path);
        _groups = [.. footer.RowGroups.Select((group, index) => new ParquetRowGroupReader(input, group, index, columns))];
        CustomMetadata = (footer.KeyValueMetadata ?? []).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value ?? "");
    }

    public Dictionary<string, string> CustomMetadata { get; }

    public int RowGroupCount => _groups.Length;

    public IReadOnlyList<ParquetRowGroupReader> RowGroups => _groups;

    /// <summary>The file's schema; each call builds new field objects.</summary>
    public ParquetSchema Schema => new SchemaReader(_footer.Schema, _options).Read();

    public FileMetaData? Metadata => _footer;

    /// <summary>Opens a file, which disposing closes.</summary>
    public static async Task<ParquetReader> CreateAsync(string filePath, ParquetOptions? parquetOptions = null, CancellationToken cancellationToken = default)
    {
        var file = new FileStream(filePath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        try
        {
            return await CreateAsync(file, parquetOptions, leaveStreamOpen: false, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="IOException">No parquet file, or one without a whole footer.</exception>
    /// <exception cref="Meta.Proto.ThriftProtocolException">The footer is corrupt.</exception>
    /// <exception cref="ParquetException">The footer contradicts itself.</exception>
    public static async Task<ParquetReader> CreateAsync(Stream input, ParquetOptions? parquetOptions = null, bool leaveStreamOpen = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.CanRead || !input.CanSeek) throw new ArgumentException("The stream must be readable and able to seek.", nameof(input));
        return new ParquetReader(input, parquetOptions ?? new ParquetOptions(), leaveStreamOpen, await ReadFooterAsync(input, cancellationToken).ConfigureAwait(false));
    }

    public static async Task<ParquetSchema> ReadSchemaAsync(string filePath)
    {
        var reader = await CreateAsync(filePath).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return reader.Schema;
    }

    public static async Task<ParquetSchema> ReadSchemaAsync(Stream parquetStream)
    {
        var reader = await CreateAsync(parquetStream).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return reader.Schema;
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such row group.</exception>
    public ParquetRowGroupReader OpenRowGroupReader(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _groups.Length);
        return _groups[index];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_leaveStreamOpen) await Stream.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
