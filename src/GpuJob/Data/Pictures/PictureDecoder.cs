namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes one image file after the other on one thread. What it needs for that is made once.</summary>
internal sealed class PictureDecoder : IDisposable
{
    private JpegDecoder? _jpeg;
    private byte[] _pixels = [];
    private byte[] _file = [];

    /// <summary>Room for a file to be decoded. The next call may give the same.</summary>
    internal Span<byte> Room(int length)
    {
        if (_file.Length < length)
            _file = GC.AllocateUninitializedArray<byte>(length);
        return _file.AsSpan(0, length);
    }

    /// <summary>Width and height that the file's header tells.</summary>
    /// <exception cref="BadImageException">It is no image, or its header is damaged.</exception>
    internal (int Width, int Height) Measure(ReadOnlySpan<byte> file)
    {
        if (!IsJpeg(file))
            return Png.Measure(file);
        var header = Jpeg.Measure(file);
        return (header.Width, header.Height);
    }

    /// <summary>Decodes a JPEG or PNG, told apart by its first bytes.</summary>
    /// <param name="reduction">1, 2, 4 or 8: by how much smaller a JPEG is decoded, which is faster. Other files are always decoded whole.</param>
    /// <returns>A picture that is this decoder's: the next call overwrites its pixels.</returns>
    /// <exception cref="BadImageException">The bytes are neither, or are damaged.</exception>
    internal Picture Decode(ReadOnlySpan<byte> file, int reduction = 1)
    {
        if (IsJpeg(file))
        {
            var header = Jpeg.Measure(file);
            var size = header with { Width = (header.Width + reduction - 1) / reduction, Height = (header.Height + reduction - 1) / reduction };
            Jpeg.Decode(file, size, Pixels(size.Width, size.Height));
            return new Picture(size.Width, size.Height, _pixels) { Reduction = reduction };
        }

        var (width, height) = Png.Measure(file);
        Png.Decode(file, Pixels(width, height));
        return new Picture(width, height, _pixels);
    }

    public void Dispose() => _jpeg?.Dispose();

    private JpegDecoder Jpeg => _jpeg ??= new JpegDecoder();

    private Span<byte> Pixels(int width, int height)
    {
        var length = Picture.ByteCount(width, height);
        if (_pixels.Length < length)
            _pixels = GC.AllocateUninitializedArray<byte>(length);
        return _pixels.AsSpan(0, length);
    }

    private static bool IsJpeg(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, ..] => true,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => false,
        [] => throw new BadImageException("the file is empty"),
        _ => throw new BadImageException("it is neither a JPEG nor a PNG"),
    };
}
