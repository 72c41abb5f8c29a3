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
        problems.Unless(objective is Objective.Generation || Latent is DecoderLatent.Zone, $"{Section}.latent", Latent,
            "zone: only objective generation can do without latents");
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
        problems.Unless(ConditionDimension is >= 8 and <= 4096 && ConditionDimension % 2 == 0, $"{Section}.conditionDimension", ConditionDimension,
            "an even number from 8 to 4096");
    }
}

/// <summary>The published decoder: a whole NCSN++.</summary>
public sealed record NcsnppDecoderRecipe : DecoderRecipe
{
    public required NcsnppForm Form { get; init; }

    private protected override void Validate(Problems problems, ImageRecipe image) => Form.Validate(problems, NcsnppForm.At($"{Section}.form"), image.Size);
}
