using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The image encoder: residual blocks at falling resolution, then a linear map to the anchor.</summary>
public sealed record EncoderRecipe
{
    /// <summary>Length of anchors and latents, the dimension d of the latent space.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Channels at each resolution, the first at half the image's size; each a multiple of 8.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Residual blocks at each resolution.</summary>
    public required int Blocks { get; init; }

    internal void Validate(Problems problems, ImageRecipe image)
    {
        problems.Unless(LatentDimension is >= 1 and <= 4096, "encoder.latentDimension", LatentDimension, "1 to 4096");
        NetworkFields.Validate(problems, "encoder", Channels, Blocks, image);
    }
}
