using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The image encoder, which maps an image to its anchor; the field <c>network</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "network")]
[JsonDerivedType(typeof(SmallEncoderRecipe), "small")]
[JsonDerivedType(typeof(NcsnppEncoderRecipe), "ncsnpp")]
[JsonDerivedType(typeof(ResNetEncoderRecipe), "resnet")]
public abstract record EncoderRecipe
{
    private protected const string Section = "encoder";

    /// <summary>Length of anchors and latents, the dimension d of the latent space.</summary>
    public required int LatentDimension { get; init; }

    internal void Validate(Problems problems, ImageRecipe image)
    {
        problems.Unless(LatentDimension is >= 1 and <= 4096, $"{Section}.latentDimension", LatentDimension, "1 to 4096");
        ValidateNetwork(problems, image);
    }

    private protected abstract void ValidateNetwork(Problems problems, ImageRecipe image);
}
