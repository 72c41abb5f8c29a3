using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>
/// Scales pictures: bilinear with antialiasing, so that when shrinking each new pixel is a weighted mean of all old pixels that it covers.
/// Pixels are those of Pillow to the bit.
/// </summary>
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

            Vector256.Narrow(
                Vector256.Narrow(a >> ResampleAxis.Bits, b >> ResampleAxis.Bits),
                Vector256.Narrow(c >> ResampleAxis.Bits, d >> ResampleAxis.Bits)).CopyTo(row[x..]);
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

/// <summary>
/// For each new pixel of a row or column, which old pixels it takes and how much of each: a triangle as wide as the new pixel, never narrower than an old one.
/// </summary>
/// <remarks>
/// Weights are whole numbers over 2^22, calculated as Pillow does, so that resized pixels are the same to the bit. Made once and set anew for each picture.
/// </remarks>
internal sealed class ResampleAxis
{
    /// <summary>A weight of one is 2 to this.</summary>
    internal const int Bits = 22;

    private int[] _first = [];
    private int[] _taps = [];
    private uint[] _weights = [];
    private double[] _exact = [];
    private int _stride;

    /// <summary>Number of new pixels.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether each new pixel is an old one.</summary>
    internal bool IsIdentity { get; private set; }

    /// <summary>First old pixel that is taken at all.</summary>
    internal int Begin { get; private set; }

    /// <summary>Where the old pixels end that are taken at all.</summary>
    internal int End { get; private set; }

    /// <param name="begin">Where the old pixels begin that may be taken; need not be whole.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="scaled">New pixels for all of them.</param>
    /// <param name="skipped">New pixels at the beginning that are not wanted.</param>
    /// <param name="count">New pixels that are wanted.</param>
    /// <param name="mirrored">Whether the last new pixel comes first.</param>
    internal void Set(double begin, double end, int scaled, int skipped, int count, bool mirrored)
    {
        var scale = (end - begin) / scaled;
        var reach = Math.Max(1, scale);
        var (origin, limit) = ((int)Math.Floor(begin), (int)Math.Ceiling(end) - (int)Math.Floor(begin));
        Reserve(count, (int)Math.Ceiling(reach) * 2 + 1);
        IsIdentity = scale == 1 && origin == begin;
        (Begin, End) = (int.MaxValue, 0);
        for (var index = 0; index < count; index++)
        {
            var center = begin - origin + (skipped + index + 0.5) * scale;
            var first = Math.Max(0, (int)(center - reach + 0.5));
            var taps = Math.Min(limit, (int)(center + reach + 0.5)) - first;
            var place = mirrored ? count - 1 - index : index;
            (_first[place], _taps[place]) = (origin + first, taps);
            Weigh(_weights.AsSpan(place * _stride, taps), first + 0.5 - center, reach);
            (Begin, End) = (Math.Min(Begin, origin + first), Math.Max(End, origin + first + taps));
        }
    }

    /// <summary>Weights of the old pixels from <paramref name="first"/> on that make a new one.</summary>
    internal ReadOnlySpan<uint> Weights(int index, out int first)
    {
        first = _first[index];
        return _weights.AsSpan(index * _stride, _taps[index]);
    }

    private void Reserve(int count, int stride)
    {
        (Count, _stride) = (count, stride);
        if (_first.Length < count)
            (_first, _taps) = (new int[count], new int[count]);
        if (_exact.Length < stride)
            _exact = new double[stride];
        if (_weights.Length < count * stride)
            _weights = new uint[count * stride];
    }

    /// <param name="distance">From the new pixel's centre to that of the first old one.</param>
    private void Weigh(Span<uint> weights, double distance, double reach)
    {
        var (inverse, total) = (1 / reach, 0.0);
        for (var tap = 0; tap < weights.Length; tap++)
            total += _exact[tap] = Math.Max(0, 1 - Math.Abs((distance + tap) * inverse));
        for (var tap = 0; tap < weights.Length; tap++)
            weights[tap] = (uint)(0.5 + _exact[tap] / total * (1 << Bits));
    }
}
