using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Paints views of pictures. For one thread at a time; its memory is kept from view to view.</summary>
/// <remarks>
/// On the processor, with vector instructions, and in bytes from beginning to end: so one view after the other passes through the caches, and only a quarter of
/// what floating-point numbers would take goes to the device. benchmarks/RESULTS.md has the figures.
/// </remarks>
internal sealed class ViewPainter
{
    private readonly Resampler _resampler = new();
    private readonly ColorJitter _jitter = new();
    private readonly GaussianBlur _blur = new();

    /// <param name="size">Side of the result in pixels.</param>
    /// <param name="planes">Receives [3, size, size].</param>
    internal void Paint(Picture picture, View view, int size, Span<byte> planes)
    {
        _resampler.ToPlanes(picture, view.Window, size, view.Mirrored, planes);
        foreach (var change in view.Colors)
            _jitter.Apply(planes, change);
        if (view.Gray)
            ColorJitter.ToGray(planes);
        if (view.Blur is var (kernel, sigma))
            _blur.Apply(planes, size, kernel, sigma);
    }
}

/// <summary>How one image is seen: all that was drawn for it. Drawn apart from painting, so that what is painted can be compared with other programs.</summary>
/// <param name="Window">The part of the picture.</param>
/// <param name="Colors">Changes of colour in their order.</param>
/// <param name="Gray">Whether the colours are taken away.</param>
/// <param name="Blur">Window and standard deviation of the blur; null for none.</param>
internal sealed record View(Window Window, bool Mirrored, ColorChange[] Colors, bool Gray, (int Kernel, double Sigma)? Blur)
{
    /// <summary>As evaluation sees it: nothing is random.</summary>
    internal static View Plain(ImageRecipe recipe, int width, int height) =>
        new(Window.Centre(width, height, recipe.Resize ?? recipe.Size, recipe.Size), Mirrored: false, [], Gray: false, Blur: null);

    /// <summary>As training sees it.</summary>
    internal static View Draw(ImageRecipe recipe, int width, int height, SampleRandom random)
    {
        var augmentation = recipe.Augmentation;
        var plain = Plain(recipe, width, height);
        return new View(
            augmentation.RandomResizedCrop is { } crop ? RandomCrop.Draw(crop, width, height, recipe.TrainingSize(), ref random) : plain.Window,
            augmentation.HorizontalFlip && random.Uniform() < 0.5,
            augmentation.ColorJitter is { } jitter && random.Uniform() < jitter.Probability ? ColorJitter.Draw(jitter, ref random) : [],
            augmentation.Grayscale > 0 && random.Uniform() < augmentation.Grayscale,
            augmentation.GaussianBlur is { } blur && random.Uniform() < blur.Probability ? (blur.Kernel, random.Uniform(blur.Sigma[0], blur.Sigma[1])) : null);
    }
}

/// <summary>A rectangle of random area, shape and place, as torchvision's RandomResizedCrop.</summary>
internal static class RandomCrop
{
    private const int Tries = 10;

    /// <param name="width">Of the picture.</param> <param name="height">Of the picture.</param>
    /// <param name="size">Side of the square that the rectangle is scaled to.</param>
    /// <remarks>When the rectangle does not fit into the picture ten times in a row, the largest one in the middle whose shape is allowed is taken.</remarks>
    internal static Window Draw(RandomCropRecipe recipe, int width, int height, int size, ref SampleRandom random)
    {
        var (tall, wide) = (Math.Log(recipe.Ratio[0]), Math.Log(recipe.Ratio[1]));
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = (double)width * height * random.Uniform(recipe.Scale[0], recipe.Scale[1]);
            var ratio = Math.Exp(random.Uniform(tall, wide));
            var (cropWidth, cropHeight) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (cropWidth < 1 || cropWidth > width || cropHeight < 1 || cropHeight > height)
                continue;
            var y = random.Below(height - cropHeight + 1);
            return Window.Part(random.Below(width - cropWidth + 1), y, cropWidth, cropHeight, size);
        }

        return Middle(recipe.Ratio, width, height, size);
    }

    private static Window Middle(double[] ratios, int width, int height, int size)
    {
        var ratio = (double)width / height;
        var (cropWidth, cropHeight) = ratio < ratios[0] ? (width, Math.Max(1, (int)Math.Round(width / ratios[0])))
            : ratio > ratios[1] ? (Math.Max(1, (int)Math.Round(height * ratios[1])), height)
            : (width, height);
        return Window.Part((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight, size);
    }
}
