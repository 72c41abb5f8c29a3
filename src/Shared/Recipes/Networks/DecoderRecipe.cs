using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes.Networks;

/// <summary>The image decoder, a rectified-flow U-Net under the condition of latent, label and time; the field <c>network</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "network")]
[JsonDerivedType(typeof(SmallDecoderRecipe), "small")]
[JsonDerivedType(typeof(NcsnppDecoderRecipe), "ncsnpp")]
public abstract record DecoderRecipe
{
    private protected const string Section = "decoder";

    internal abstract void Validate(Problems problems, ImageRecipe image);
}
