namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Turns the hue of an image: to hue, saturation and value of a byte each, and back. Colours are those of Pillow to the bit.</summary>
/// <remarks>Where single and double precision meet is part of that: each conversion below rounds where Pillow's does.</remarks>
internal static class Hue
{
    private const int Sectors = 6;
    private const double Full = byte.MaxValue;

    /// <summary>For each hue the sector of the colour circle that it lies in, and how far.</summary>
    private static readonly (int Sector, float Part)[] Places = [.. Enumerable.Range(0, 256).Select(hue => hue * (double)Sectors / Full).Select(place => ((int)place % Sectors, (float)(place - Math.Floor(place))))];

    /// <param name="planes">R, G, B, [3, n].</param>
    /// <param name="turn">Part of the circle, -0.5 to 0.5.</param>
    internal static void Turn(Span<byte> planes, double turn)
    {
        var count = planes.Length / 3;
        var red = planes[..count];
        var green = planes.Slice(count, count);
        var blue = planes.Slice(2 * count, count);
        var steps = (int)(turn * Full);
        for (var index = 0; index < count; index++)
        {
            var (r, g, b) = (red[index], green[index], blue[index]);
            var (value, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
            if (value == least)
                continue;       // grey has no hue to turn
            float range = value - least;
            var saturation = (byte)(range / value * Full);
            var hue = (byte)(HueOf(r, g, b, value, range) + steps);
            (red[index], green[index], blue[index]) = Colour(hue, saturation, value);
        }
    }

    private static int HueOf(byte r, byte g, byte b, byte value, float range)
    {
        var (toRed, toGreen, toBlue) = ((value - r) / range, (value - g) / range, (value - b) / range);
        var place = r == value ? toBlue - toGreen
            : g == value ? (float)(2.0 + toRed - toBlue)
            : (float)(4.0 + toGreen - toRed);
        var turned = place / (double)Sectors + 1;
        return (int)((float)(turned >= 1 ? turned - 1 : turned) * Full);
    }

    private static (byte Red, byte Green, byte Blue) Colour(byte hue, byte saturation, byte value)
    {
        var (sector, part) = Places[hue];
        var strength = (float)(saturation / Full);
        var low = Rounded(value * (1.0 - strength));
        var falling = Rounded(value * (1.0 - strength * part));
        var rising = Rounded(value * (1.0 - strength * (1.0 - part)));
        return sector switch
        {
            0 => (value, rising, low),
            1 => (falling, value, low),
            2 => (low, value, rising),
            3 => (low, falling, value),
            4 => (rising, low, value),
            _ => (value, low, falling),
        };
    }

    private static byte Rounded(double positive) => (byte)(positive + 0.5);
}
