using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>
/// Brightness, contrast, saturation and hue of images, as torchvision's ColorJitter on Pillow images.
/// For one thread at a time; its memory is kept from image to image.
/// </summary>
internal sealed class ColorJitter
{
    private byte[] _from = [];

    /// <summary>Draws the order of the four changes, and the amount of each.</summary>
    internal static ColorChange[] Draw(ColorJitterRecipe recipe, ref SampleRandom random)
    {
        ColorChange[] changes =
        [
            new(ColorProperty.Brightness, Factor(recipe.Brightness, ref random)),
            new(ColorProperty.Contrast, Factor(recipe.Contrast, ref random)),
            new(ColorProperty.Saturation, Factor(recipe.Saturation, ref random)),
            new(ColorProperty.Hue, random.Uniform(-recipe.Hue, recipe.Hue)),
        ];
        for (var left = changes.Length; left > 1; left--)
        {
            var other = random.Below(left);
            (changes[left - 1], changes[other]) = (changes[other], changes[left - 1]);
        }

        return changes;
    }

    /// <param name="planes">R, G, B, [3, n].</param>
    internal void Apply(Span<byte> planes, ColorChange change)
    {
        var count = planes.Length / 3;
        if (_from.Length < count)
            _from = new byte[count];
        var from = _from.AsSpan(0, count);
        switch (change.Property)
        {
            case ColorProperty.Hue:
                Hue.Turn(planes, change.Amount);
                return;
            case ColorProperty.Brightness:
                from.Clear();
                break;
            case ColorProperty.Contrast:
                Planes.Luma(planes, from);
                from.Fill((byte)(Mean(from) + 0.5));
                break;
            default:
                Planes.Luma(planes, from);
                break;
        }

        for (var channel = 0; channel < 3; channel++)
            Planes.Blend(from, planes.Slice(channel * count, count), (float)change.Amount);
    }

    /// <summary>Takes the colours away.</summary>
    /// <param name="planes">R, G, B, [3, n].</param>
    internal static void ToGray(Span<byte> planes)
    {
        var count = planes.Length / 3;
        Planes.Luma(planes, planes[..count]);
        planes[..count].CopyTo(planes[count..]);
        planes[..count].CopyTo(planes[(2 * count)..]);
    }

    private static double Factor(double range, ref SampleRandom random) => random.Uniform(Math.Max(0, 1 - range), 1 + range);

    private static double Mean(ReadOnlySpan<byte> plane)
    {
        long sum = 0;
        foreach (var value in plane)
            sum += value;
        return (double)sum / plane.Length;
    }
}

/// <param name="Amount">A factor, 1 for no change; for the hue the part of the circle by which it turns.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ColorChange(ColorProperty Property, double Amount);

internal enum ColorProperty
{
    Brightness,
    Contrast,
    Saturation,
    Hue,
}

/// <summary>Turns the hue of an image: to hue, saturation and value of a byte each, and back. Colours are those of Pillow to the bit.</summary>
/// <remarks>Where single and double precision meet is part of that: each conversion below rounds where Pillow's does.</remarks>
internal static class Hue
{
    private const int Sectors = 6;
    private const double Full = byte.MaxValue;

    /// <summary>For each hue the sector of the colour circle that it lies in, and how far.</summary>
    private static readonly (int Sector, float Part)[] Places =
        [.. Enumerable.Range(0, 256)
            .Select(hue => hue * (double)Sectors / Full)
            .Select(place => ((int)place % Sectors, (float)(place - Math.Floor(place))))];

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
