using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>For small images on a processor: residual blocks at falling resolution, then a linear map to the anchor.</summary>
public sealed record SmallEncoderRecipe : EncoderRecipe
{
    /// <summary>Channels at each resolution, the first at half the image's size; each a multiple of 8.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Residual blocks at each resolution.</summary>
    public required int Blocks { get; init; }

    private protected override void ValidateNetwork(Problems problems, ImageRecipe image) => SmallNetwork.Validate(problems, Section, Channels, Blocks, image);
}
