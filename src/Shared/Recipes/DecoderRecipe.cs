using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The image decoder: a rectified-flow U-Net under the condition of latent, label and time.</summary>
public sealed record DecoderRecipe
{
    /// <summary>Channels at each resolution, the first at half the image's size; each a multiple of 8.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Residual blocks at each resolution, on the way down and again on the way up.</summary>
    public required int Blocks { get; init; }

    /// <summary>Length of the condition vector that every block sees.</summary>
    public required int ConditionDimension { get; init; }

    internal void Validate(Problems problems, ImageRecipe image)
    {
        NetworkFields.Validate(problems, "decoder", Channels, Blocks, image);
        problems.Unless(ConditionDimension is >= 8 and <= 4096 && ConditionDimension % 2 == 0, "decoder.conditionDimension", ConditionDimension, "an even number from 8 to 4096");
    }
}
