using System.Runtime.Intrinsics;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Arithmetic on images of three planes R, G, B of bytes, and on single planes. Results are those of Pillow to the bit.</summary>
internal static class Planes
{
    // Luma weights of ITU-R 601 over 2^16.
    private const uint Red = 19595;
    private const uint Green = 38470;
    private const uint Blue = 7471;
    private const uint Half = 1 << 15;
    private const int Bits = 16;

    /// <summary>Brightness as the eye sees it.</summary>
    /// <param name="planes">[3, n].</param> <param name="luma">Receives n bytes.</param>
    internal static void Luma(ReadOnlySpan<byte> planes, Span<byte> luma)
    {
        var (count, index) = (luma.Length, 0);
        for (; index <= count - Vector256<byte>.Count; index += Vector256<byte>.Count)
        {
            var (redLow, redHigh) = Vector256.Widen(Vector256.Create(planes.Slice(index, Vector256<byte>.Count)));
            var (greenLow, greenHigh) = Vector256.Widen(Vector256.Create(planes.Slice(count + index, Vector256<byte>.Count)));
            var (blueLow, blueHigh) = Vector256.Widen(Vector256.Create(planes.Slice(2 * count + index, Vector256<byte>.Count)));
            Vector256.Narrow(Luma(redLow, greenLow, blueLow), Luma(redHigh, greenHigh, blueHigh)).CopyTo(luma[index..]);
        }

        for (; index < count; index++)
            luma[index] = (byte)((planes[index] * Red + planes[count + index] * Green + planes[2 * count + index] * Blue + Half) >> Bits);
    }

    /// <summary>Moves <paramref name="plane"/> away from <paramref name="from"/>, or towards it: from + factor (plane - from), cut off to bytes.</summary>
    /// <param name="factor">0 gives <paramref name="from"/>, 1 changes nothing, more goes beyond.</param>
    internal static void Blend(ReadOnlySpan<byte> from, Span<byte> plane, float factor)
    {
        var index = 0;
        for (; index <= plane.Length - Vector256<byte>.Count; index += Vector256<byte>.Count)
        {
            var (fromLow, fromHigh) = Vector256.Widen(Vector256.Create(from.Slice(index, Vector256<byte>.Count)));
            var (low, high) = Vector256.Widen(Vector256.Create<byte>(plane.Slice(index, Vector256<byte>.Count)));
            Vector256.Narrow(Blend(fromLow, low, factor), Blend(fromHigh, high, factor)).CopyTo(plane[index..]);
        }

        for (; index < plane.Length; index++)
            plane[index] = (byte)(int)Math.Clamp(from[index] + factor * (plane[index] - from[index]), 0, byte.MaxValue);
    }

    private static Vector256<ushort> Luma(Vector256<ushort> red, Vector256<ushort> green, Vector256<ushort> blue) => Vector256.Narrow(
        Luma(Vector256.WidenLower(red), Vector256.WidenLower(green), Vector256.WidenLower(blue)),
        Luma(Vector256.WidenUpper(red), Vector256.WidenUpper(green), Vector256.WidenUpper(blue)));

    private static Vector256<uint> Luma(Vector256<uint> red, Vector256<uint> green, Vector256<uint> blue) =>
        (red * Red + green * Green + blue * Blue + Vector256.Create(Half)) >> Bits;

    private static Vector256<ushort> Blend(Vector256<ushort> from, Vector256<ushort> plane, float factor) => Vector256.Narrow(
        Blend(Vector256.WidenLower(from).AsInt32(), Vector256.WidenLower(plane).AsInt32(), factor),
        Blend(Vector256.WidenUpper(from).AsInt32(), Vector256.WidenUpper(plane).AsInt32(), factor));

    private static Vector256<uint> Blend(Vector256<int> from, Vector256<int> plane, float factor)
    {
        var moved = Vector256.ConvertToSingle(from) + Vector256.ConvertToSingle(plane - from) * factor;
        return Vector256.ConvertToInt32(Vector256.Min(Vector256.Max(moved, Vector256<float>.Zero), Vector256.Create((float)byte.MaxValue))).AsUInt32();
    }
}
