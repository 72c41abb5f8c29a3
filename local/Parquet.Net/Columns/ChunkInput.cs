using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Meta.Proto;

namespace Parquet.Columns;

/// <summary>Reads the pages of a column chunk in turn through a pooled window; memory grows only with data that are there.</summary>
internal sealed class ChunkInput(Stream stream, long offset, long length) : IDisposable
{
    private readonly long _limit = offset + length;
    private const int UsualHeader = 1 << 13;
    private const int LongestHeader = 1 << 24;

    private PooledArray<byte> _window = new(1 << 16);
    private int _start;
    private int _end;
    private long _unread = length;

    private long Rest => _unread + _end - _start;

    internal bool IsAtEnd => Rest == 0;

    public void Dispose() => _window.Dispose();

    internal async ValueTask<PageHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        for (var size = UsualHeader; ; size *= 4)
        {
            await EnsureAsync((int)Math.Min(size, Rest), cancellationToken).ConfigureAwait(false);
            if (TryParse(mustParse: size >= Rest || size >= LongestHeader) is { } header) return header;
        }
    }

    /// <summary>The page's bytes, valid until the next call.</summary>
    internal async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(PageHeader header, CancellationToken cancellationToken)
    {
        var size = SizeOf(header);
        await EnsureAsync(size, cancellationToken).ConfigureAwait(false);
        _start += size;
        return _window.Memory.Slice(_start - size, size);
    }

    internal void SkipBody(PageHeader header)
    {
        var size = SizeOf(header);
        var buffered = Math.Min(size, _end - _start);
        _start += buffered;
        _unread -= size - buffered;
    }

    private int SizeOf(PageHeader header) => header.CompressedPageSize is >= 0 and var size && size <= Rest
        ? size
        : throw new ParquetException($"A page states {header.CompressedPageSize} bytes, its column chunk holds {Rest} more. The file is corrupt.");

    private PageHeader? TryParse(bool mustParse)
    {
        var reader = new ThriftReader(_window.Span[_start.._end]);
        try
        {
            var header = PageHeader.Layout.Read(ref reader);
            _start += reader.Position;
            return header;
        }
        catch (ThriftProtocolException error) when (error.IsCutShort && !mustParse)
        {
            return null;
        }
    }

    /// <summary>Moves what is held to the front of a window of at least so many bytes.</summary>
    private void Compact(int count)
    {
        var held = _window.Span[_start.._end];
        if (_window.Memory.Length >= count)
        {
            held.CopyTo(_window.Span);
        }
        else
        {
            var larger = new PooledArray<byte>(count);
            held.CopyTo(larger.Span);
            _window.Dispose();
            _window = larger;
        }
        (_start, _end) = (0, held.Length);
    }

    private async ValueTask EnsureAsync(int count, CancellationToken cancellationToken)
    {
        var held = _end - _start;
        if (held >= count) return;
        Compact(count);
        var room = _window.Memory[held..Math.Max(count, (int)Math.Min(_window.Memory.Length, held + _unread))];
        stream.Seek(_limit - _unread, SeekOrigin.Begin);
        var read = await stream.ReadAtLeastAsync(room, count - held, throwOnEndOfStream: true, cancellationToken).ConfigureAwait(false);
        _end += read;
        _unread -= read;
    }
}
