using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How a picture becomes numbers: shorter side scaled to <see cref="Size"/>, centre cut out, pixels in [-1, 1].</summary>
public sealed record ImageRecipe
{
    /// <summary>Side in pixels, a multiple of 4.</summary>
    public required int Size { get; init; }

    /// <summary>Whether training mirrors every second image. Wrong for pictures in which left and right differ, such as letters.</summary>
    public required bool HorizontalFlip { get; init; }

    internal void Validate(Problems problems) =>
        problems.Unless(Size is >= 8 and <= 1024 && Size % 4 == 0, "image.size", Size, "a multiple of 4 from 8 to 1024");
}
