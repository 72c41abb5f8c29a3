using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Augmentation;

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
