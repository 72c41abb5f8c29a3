using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Brightness, contrast, saturation and hue of images, as torchvision's ColorJitter on Pillow images. For one thread at a time; its memory is kept from image to image.</summary>
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
