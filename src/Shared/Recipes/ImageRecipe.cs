using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How a picture becomes numbers: shorter side scaled to <see cref="Resize"/>, the centre cut out, pixels in [-1, 1]. Training may vary it by <see cref="Augmentation"/>.</summary>
public sealed record ImageRecipe
{
    /// <summary>Side of what the networks see in pixels, a multiple of 4.</summary>
    public required int Size { get; init; }

    /// <summary>Length to which the shorter side is brought before a square of <see cref="Size"/> is cut out of the centre; <see cref="Size"/> if left out.</summary>
    public int? Resize { get; init; }

    public required AugmentationRecipe Augmentation { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Size is >= 8 and <= 1024 && Size % 4 == 0, "image.size", Size, "a multiple of 4 from 8 to 1024");
        problems.Unless(Resize is null || (Resize >= Size && Resize <= 4096), "image.resize", Resize, $"from image.size, here {Size}, to 4096, or leave it out");
        Augmentation.Validate(problems, Size);
    }
}
