using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The image decoder, a rectified-flow U-Net under the condition of latent, label and time; the field <c>network</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "network")]
[JsonDerivedType(typeof(SmallDecoderRecipe), "small")]
[JsonDerivedType(typeof(NcsnppDecoderRecipe), "ncsnpp")]
public abstract record DecoderRecipe
{
    private protected const string Section = "decoder";

    /// <summary>What the decoder is told of an image.</summary>
    public DecoderLatent Latent { get; init; } = DecoderLatent.Zone;

    internal void Validate(Problems problems, ImageRecipe image, Objective objective)
    {
        problems.Unless(Enum.IsDefined(Latent), $"{Section}.latent", Latent, "zone, none");
        problems.Unless(objective is Objective.Generation || Latent is DecoderLatent.Zone, $"{Section}.latent", Latent, "zone: only objective generation can do without latents");
        image.RequireOneSize(problems, "the decoder draws images of the size that it has learnt from");
        Validate(problems, image);
    }

    private protected abstract void Validate(Problems problems, ImageRecipe image);
}

/// <summary>What a decoder is told of an image.</summary>
public enum DecoderLatent
{
    /// <summary>A latent from the image's zone.</summary>
    Zone,

    /// <summary>Nothing, so that this is rectified flow alone, with which zones are compared. The encoder is not trained.</summary>
    None,
}
