using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Scales pictures: bilinear with antialiasing, so that when shrinking each new pixel is a weighted mean of all old pixels that it covers. Pixels are those of Pillow to the bit.</summary>
/// <remarks>For one thread at a time; its memory is kept from picture to picture.</remarks>
internal sealed class Resampler
{
    private const uint Half = 1u << (ResampleAxis.Bits - 1);

    private readonly ResampleAxis _columns = new();
    private readonly ResampleAxis _rows = new();
    private byte[] _lines = [];
    private byte[] _lastRow = [];

    /// <param name="window">In pixels of the whole picture, also when it is reduced.</param>
    /// <param name="size">Side of the result in pixels.</param>
    /// <param name="mirrored">Whether left and right are exchanged.</param>
    /// <param name="planes">Receives R, G, B of size * size bytes each, as networks take them: [3, size, size].</param>
    internal void ToPlanes(Picture picture, Window window, int size, bool mirrored, Span<byte> planes)
    {
        double reduction = picture.Reduction;
        _columns.Set(window.SourceX / reduction, (window.SourceX + window.SourceWidth) / reduction, window.Width, window.Left, size, mirrored);
        _rows.Set(window.SourceY / reduction, (window.SourceY + window.SourceHeight) / reduction, window.Height, window.Top, size, mirrored: false);
        if (_columns.IsIdentity && _rows.IsIdentity)
        {
            Copy(picture, size, planes);
            return;
        }

        Horizontal(picture);
        Vertical(planes);
    }

    private void Copy(Picture picture, int size, Span<byte> planes)
    {
        var red = planes[..(size * size)];
        var green = planes.Slice(size * size, size * size);
        var blue = planes.Slice(2 * size * size, size * size);
        _columns.Weights(0, out var first);
        _columns.Weights(size - 1, out var last);
        var step = first <= last ? Picture.Channels : -Picture.Channels;
        var index = 0;
        for (var y = 0; y < size; y++)
        {
            _rows.Weights(y, out var row);
            var pixel = (row * picture.Width + first) * Picture.Channels;
            for (var x = 0; x < size; x++, index++, pixel += step)
            {
                var colour = picture.Pixels.AsSpan(pixel, Picture.Channels);
                (red[index], green[index], blue[index]) = (colour[0], colour[1], colour[2]);
            }
        }
    }

    /// <summary>Fills the lines: for each row that the second pass takes, R, G and B of all new columns, so that the second pass reads along rows.</summary>
    private void Horizontal(Picture picture)
    {
        var (count, height) = (_columns.Count, _rows.End - _rows.Begin);
        if (_lines.Length < height * Picture.Channels * count)
            _lines = new byte[height * Picture.Channels * count];
        for (var y = 0; y < height; y++)
        {
            var row = Row(picture, _rows.Begin + y);
            var line = _lines.AsSpan(y * Picture.Channels * count, Picture.Channels * count);
            for (var x = 0; x < count; x++)
            {
                var sum = Vector128.Create(Half);
                var weights = _columns.Weights(x, out var first);
                var pixel = row.Slice(first * Picture.Channels, weights.Length * Picture.Channels + 1);
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += Pixel(pixel[(tap * Picture.Channels)..]) * weights[tap];
                sum >>= ResampleAxis.Bits;
                line[x] = (byte)sum[0];
                line[count + x] = (byte)sum[1];
                line[2 * count + x] = (byte)sum[2];
            }
        }
    }

    /// <summary>A row, and a byte behind it, because pixels of three bytes are read four bytes at a time.</summary>
    private ReadOnlySpan<byte> Row(Picture picture, int y)
    {
        var (start, length) = (y * picture.Width * Picture.Channels, picture.Width * Picture.Channels);
        if (start + length < picture.Pixels.Length)
            return picture.Pixels.AsSpan(start, length + 1);
        if (_lastRow.Length < length + 1)
            _lastRow = new byte[length + 1];
        picture.Pixels.AsSpan(start, length).CopyTo(_lastRow);
        return _lastRow;
    }

    /// <summary>Red, green, blue and a number without meaning.</summary>
    private static Vector128<uint> Pixel(ReadOnlySpan<byte> bytes) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<uint>(bytes)).AsByte()));

    private void Vertical(Span<byte> planes)
    {
        var count = _columns.Count;
        for (var y = 0; y < _rows.Count; y++)
        {
            var weights = _rows.Weights(y, out var first);
            for (var channel = 0; channel < Picture.Channels; channel++)
            {
                var lines = _lines.AsSpan(((first - _rows.Begin) * Picture.Channels + channel) * count);
                Row(lines, weights, planes.Slice((channel * _rows.Count + y) * count, count));
            }
        }
    }

    /// <summary>One row of one colour: the weighted sum of lines that lie three rows of the result apart.</summary>
    private static void Row(ReadOnlySpan<byte> lines, ReadOnlySpan<uint> weights, Span<byte> row)
    {
        var (stride, x) = (row.Length * Picture.Channels, 0);
        for (; x <= row.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
        {
            var (a, b, c, d) = (Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half));
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var (low, high) = Vector256.Widen(Vector256.Create(lines.Slice(tap * stride + x, Vector256<byte>.Count)));
                var weight = Vector256.Create(weights[tap]);
                a += Vector256.WidenLower(low) * weight;
                b += Vector256.WidenUpper(low) * weight;
                c += Vector256.WidenLower(high) * weight;
                d += Vector256.WidenUpper(high) * weight;
            }

            Vector256.Narrow(Vector256.Narrow(a >> ResampleAxis.Bits, b >> ResampleAxis.Bits), Vector256.Narrow(c >> ResampleAxis.Bits, d >> ResampleAxis.Bits)).CopyTo(row[x..]);
        }

        for (; x < row.Length; x++)
        {
            var sum = Half;
            for (var tap = 0; tap < weights.Length; tap++)
                sum += lines[tap * stride + x] * weights[tap];
            row[x] = (byte)(sum >> ResampleAxis.Bits);
        }
    }
}
