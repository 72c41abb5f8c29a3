using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Blur by a Gaussian that is cut off at a window and sums to 1; beyond the edges the image is mirrored, as torchvision's.</summary>
/// <remarks>
/// The Gaussian of two dimensions is the product of two of one dimension, so rows and columns are blurred one after the other.
/// For one thread at a time; its memory is kept from image to image.
/// </remarks>
internal sealed class GaussianBlur
{
    /// <summary>Lesser weights are left out: they change a pixel by less than single precision does.</summary>
    private const double MinWeight = 1e-7;

    private float[] _padded = [];
    private float[] _lines = [];

    /// <param name="planes">[3, size, size].</param>
    /// <param name="kernel">Side of the window, odd, below twice <paramref name="size"/>.</param>
    /// <param name="sigma">Standard deviation in pixels.</param>
    internal void Apply(Span<byte> planes, int size, int kernel, double sigma)
    {
        var weights = Weights(kernel, sigma);
        if (_lines.Length < size * size)
            (_padded, _lines) = (new float[3 * size], new float[size * size]);
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = planes.Slice(channel * size * size, size * size);
            Rows(plane, size, weights);
            Columns(plane, size, weights);
        }
    }

    /// <summary>The middle weight and those to one side of it.</summary>
    private static float[] Weights(int kernel, double sigma)
    {
        var side = Enumerable.Range(0, kernel / 2 + 1).Select(distance => Math.Exp(-0.5 * (distance / sigma) * (distance / sigma))).ToArray();
        var total = 2 * side.Sum() - 1;
        return [.. side.Select(weight => (float)(weight / total)).TakeWhile(weight => weight >= MinWeight)];
    }

    /// <summary>Fills the lines with the plane's rows, blurred.</summary>
    private void Rows(ReadOnlySpan<byte> plane, int size, float[] weights)
    {
        var reach = weights.Length - 1;
        var padded = _padded.AsSpan(0, size + 2 * reach);
        for (var y = 0; y < size; y++)
        {
            var row = plane.Slice(y * size, size);
            foreach (var x in new Eights(size))
                ToSingle(row[x..]).CopyTo(padded[(reach + x)..]);
            for (var x = 1; x <= reach; x++)
                (padded[reach - x], padded[reach + size - 1 + x]) = (row[x], row[size - 1 - x]);

            var line = _lines.AsSpan(y * size, size);
            foreach (var x in new Eights(size))
            {
                var sum = Load(padded, reach + x) * weights[0];
                for (var tap = 1; tap <= reach; tap++)
                    sum += (Load(padded, reach + x - tap) + Load(padded, reach + x + tap)) * weights[tap];
                sum.CopyTo(line[x..]);
            }
        }
    }

    /// <summary>Blurs the lines' columns into the plane.</summary>
    private void Columns(Span<byte> plane, int size, float[] weights)
    {
        for (var y = 0; y < size; y++)
        {
            foreach (var x in new Eights(size))
            {
                var sum = Load(_lines, y * size + x) * weights[0];
                for (var tap = 1; tap < weights.Length; tap++)
                    sum += (Load(_lines, Mirrored(y - tap, size) * size + x) + Load(_lines, Mirrored(y + tap, size) * size + x)) * weights[tap];
                Store(sum, plane[(y * size + x)..]);
            }
        }
    }

    private static Vector256<float> Load(ReadOnlySpan<float> from, int index) => Vector256.Create(from.Slice(index, Vector256<float>.Count));

    private static Vector256<float> ToSingle(ReadOnlySpan<byte> eight)
    {
        var wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<ulong>(eight)).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32());
    }

    private static void Store(Vector256<float> eight, Span<byte> target)
    {
        var whole = Vector256.ConvertToInt32(Vector256.Round(eight)).AsUInt32();
        var narrow = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        MemoryMarshal.Write(target, Vector128.Narrow(narrow, narrow).AsUInt64()[0]);
    }

    /// <summary>Where to work on eight numbers at once so that all of a row are done: the last eight may overlap those before.</summary>
    [StructLayout(LayoutKind.Auto)]
    private ref struct Eights(int size)
    {
        private int _next = -Vector256<float>.Count;

        public readonly int Current => _next;

        public readonly Eights GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next == size - Vector256<float>.Count)
                return false;
            _next = Math.Min(_next + Vector256<float>.Count, size - Vector256<float>.Count);
            return true;
        }
    }

    private static int Mirrored(int index, int size) => index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
}
