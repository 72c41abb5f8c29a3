using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How a picture becomes numbers: shorter side scaled to <see cref="Resize"/>, the centre cut out, pixels in [-1, 1]. Training may vary it by <see cref="Augmentation"/>.</summary>
public sealed record ImageRecipe
{
    /// <summary>Which sizes are allowed, in words.</summary>
    internal const string Sizes = "a multiple of 4 from 8 to 1024";

    /// <summary>Side of what the networks see in pixels, a multiple of 4. Training may see smaller or larger crops, see <see cref="TrainingSize"/>.</summary>
    public required int Size { get; init; }

    /// <summary>Length to which the shorter side is brought before a square of <see cref="Size"/> is cut out of the centre; <see cref="Size"/> if left out.</summary>
    public int? Resize { get; init; }

    public required AugmentationRecipe Augmentation { get; init; }

    /// <summary>Side of what training sees in pixels.</summary>
    public int TrainingSize() => Augmentation.RandomResizedCrop?.Size ?? Size;

    /// <summary>Whether images may be so large; <see cref="Sizes"/> says it in words.</summary>
    internal static bool IsSize(int size) => size is >= 8 and <= 1024 && size % 4 == 0;

    internal void Validate(Problems problems)
    {
        problems.Unless(IsSize(Size), "image.size", Size, Sizes);
        problems.Unless(Resize is null || (Resize >= Size && Resize <= 4096), "image.resize", Resize, $"from image.size, here {Size}, to 4096, or leave it out");
        Augmentation.Validate(problems, TrainingSize());
    }

    /// <summary>Demands that training sees images of the size that evaluation does.</summary>
    internal void RequireOneSize(Problems problems, string reason) =>
        problems.Unless(TrainingSize() == Size, "image.augmentation.randomResizedCrop.size", TrainingSize(), $"image.size, here {Size}, or leave it out: {reason}");
}
