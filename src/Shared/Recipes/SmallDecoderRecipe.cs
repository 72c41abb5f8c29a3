using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>For small images on a processor: a U-Net at half the image's resolution and below.</summary>
public sealed record SmallDecoderRecipe : DecoderRecipe
{
    /// <summary>Channels at each resolution, the first at half the image's size; each a multiple of 8.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Residual blocks at each resolution, on the way down and again on the way up.</summary>
    public required int Blocks { get; init; }

    /// <summary>Length of the condition vector that every block sees.</summary>
    public required int ConditionDimension { get; init; }

    private protected override void Validate(Problems problems, ImageRecipe image)
    {
        SmallNetwork.Validate(problems, Section, Channels, Blocks, image);
        problems.Unless(ConditionDimension is >= 8 and <= 4096 && ConditionDimension % 2 == 0, $"{Section}.conditionDimension", ConditionDimension, "an even number from 8 to 4096");
    }
}
