using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>
/// How a picture becomes numbers: shorter side scaled to <see cref="Resize"/>, the centre cut out, pixels in [-1, 1].
/// Training may vary it by <see cref="Augmentation"/>.
/// </summary>
public sealed record ImageRecipe
{
    /// <summary>Which sizes are allowed, in words.</summary>
    internal const string Sizes = "a multiple of 4 from 8 to 1024";

    /// <summary>Side of what the networks see in pixels, a multiple of 4. Training may see smaller or larger crops, see <see cref="TrainingSize"/>.</summary>
    public required int Size { get; init; }

    /// <summary>
    /// Length to which the shorter side is brought before a square of <see cref="Size"/> is cut out of the centre; <see cref="Size"/> if left out.
    /// </summary>
    public int? Resize { get; init; }

    /// <summary>
    /// Whether pictures are turned as their EXIF orientation says, as cameras mean them; left out, they are taken as they are stored, as torchvision does.
    /// </summary>
    public bool? ExifOrientation { get; init; }

    public required AugmentationRecipe Augmentation { get; init; }

    /// <summary>Side of what training sees in pixels.</summary>
    public int TrainingSize() => Augmentation.RandomResizedCrop?.Size ?? Size;

    /// <summary>Whether images may be so large; <see cref="Sizes"/> says it in words.</summary>
    internal static bool IsSize(int size) => size is >= 8 and <= 1024 && size % 4 == 0;

    internal void Validate(Problems problems)
    {
        problems.Unless(IsSize(Size), "image.size", Size, Sizes);
        problems.Unless(Resize is null || (Resize >= Size && Resize <= 4096), "image.resize", Resize,
            $"from image.size, here {Size}, to 4096, or leave it out");
        Augmentation.Validate(problems, TrainingSize());
    }

    /// <summary>Demands that training sees images of the size that evaluation does.</summary>
    internal void RequireOneSize(Problems problems, string reason) =>
        problems.Unless(TrainingSize() == Size, "image.augmentation.randomResizedCrop.size", TrainingSize(),
            $"image.size, here {Size}, or leave it out: {reason}");
}

/// <summary>How training varies its images, in this order (docs/method.md, section 3). What is left out is not done.</summary>
/// <remarks>Names and meanings are those of torchvision's transforms.</remarks>
public sealed record AugmentationRecipe
{
    /// <summary>A part of the image chosen at random, instead of its centre.</summary>
    public RandomCropRecipe? RandomResizedCrop { get; init; }

    /// <summary>Whether every second image is mirrored. Wrong for pictures in which left and right differ, such as letters.</summary>
    public required bool HorizontalFlip { get; init; }

    public ColorJitterRecipe? ColorJitter { get; init; }

    /// <summary>Probability that an image loses its colours, 0 to 1.</summary>
    public double Grayscale { get; init; }

    public GaussianBlurRecipe? GaussianBlur { get; init; }

    /// <param name="size">Side of what training sees in pixels.</param>
    internal void Validate(Problems problems, int size)
    {
        RandomResizedCrop?.Validate(problems);
        ColorJitter?.Validate(problems);
        problems.Unless(Grayscale is >= 0 and <= 1, "image.augmentation.grayscale", Grayscale, "0 to 1");
        GaussianBlur?.Validate(problems, size);
    }
}

/// <summary>A rectangle of random area and shape, scaled to a square.</summary>
public sealed record RandomCropRecipe
{
    /// <summary>Side of the square in pixels, a multiple of 4; the image's size if left out.</summary>
    /// <remarks>
    /// Crops enlarge what they show, so that a smaller square than evaluation's shows things in training as large as evaluation will,
    /// for less work (Touvron et al. 2019, arXiv:1906.06423).
    /// </remarks>
    public int? Size { get; init; }

    /// <summary>Least and greatest part of the picture's area.</summary>
    public double[] Scale { get; init; } = [0.08, 1];

    /// <summary>Least and greatest width over height; the logarithm is uniform between them.</summary>
    public double[] Ratio { get; init; } = [3.0 / 4, 4.0 / 3];

    internal void Validate(Problems problems)
    {
        problems.Unless(Size is not { } size || ImageRecipe.IsSize(size), "image.augmentation.randomResizedCrop.size", Size, ImageRecipe.Sizes);
        problems.Unless(Scale is [> 0 and var least, <= 1 and var greatest] && least <= greatest,
            "image.augmentation.randomResizedCrop.scale", new JsonText(Scale), "two numbers above 0, up to 1, the smaller first");
        problems.Unless(Ratio is [>= 0.1 and var tall, <= 10 and var wide] && tall <= wide,
            "image.augmentation.randomResizedCrop.ratio", new JsonText(Ratio), "two numbers from 0.1 to 10, the smaller first");
    }
}

/// <summary>Changes of brightness, contrast, saturation and hue, in random order.</summary>
public sealed record ColorJitterRecipe
{
    /// <summary>Probability that an image is changed at all.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>b: the factor is uniform between 1 - b, but at least 0, and 1 + b.</summary>
    public double Brightness { get; init; }

    /// <summary>Like <see cref="Brightness"/>.</summary>
    public double Contrast { get; init; }

    /// <summary>Like <see cref="Brightness"/>.</summary>
    public double Saturation { get; init; }

    /// <summary>h: the hue turns by -h to h of a full circle.</summary>
    public double Hue { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Probability is >= 0 and <= 1, "image.augmentation.colorJitter.probability", Probability, "0 to 1");
        foreach (var (field, given) in new[] { ("brightness", Brightness), ("contrast", Contrast), ("saturation", Saturation) })
            problems.Unless(given is >= 0 and <= 10, $"image.augmentation.colorJitter.{field}", given, "0 to 10");
        problems.Unless(Hue is >= 0 and <= 0.5, "image.augmentation.colorJitter.hue", Hue, "0 to 0.5");
    }
}

/// <summary>Blur by a Gaussian of random width.</summary>
public sealed record GaussianBlurRecipe
{
    /// <summary>Probability that an image is blurred.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Side of the Gaussian's window in pixels, odd.</summary>
    public required int Kernel { get; init; }

    /// <summary>Least and greatest standard deviation in pixels.</summary>
    public double[] Sigma { get; init; } = [0.1, 2];

    internal void Validate(Problems problems, int size)
    {
        problems.Unless(Probability is >= 0 and <= 1, "image.augmentation.gaussianBlur.probability", Probability, "0 to 1");
        problems.Unless(Kernel >= 1 && Kernel % 2 == 1 && Kernel / 2 < size, "image.augmentation.gaussianBlur.kernel", Kernel,
            $"an odd number below twice the side of what training sees, here {size}");
        problems.Unless(Sigma is [> 0 and var least, <= 100 and var greatest] && least <= greatest,
            "image.augmentation.gaussianBlur.sigma", new JsonText(Sigma), "two numbers above 0, up to 100, the smaller first");
    }
}
