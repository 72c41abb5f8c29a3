using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The published encoder of cases 1 and 3: the way down and the middle of an NCSN++, whose feature maps are read by heads.</summary>
public sealed record NcsnppEncoderRecipe : EncoderRecipe
{
    public required NcsnppForm Form { get; init; }

    public NcsnppHeads Heads { get; init; } = new();

    private protected override void ValidateNetwork(Problems problems, ImageRecipe image)
    {
        image.RequireOneSize(problems, "the heads of network ncsnpp are made for one size");
        var form = NcsnppForm.At($"{Section}.form");
        Form.Validate(problems, form, image.Size);
        Heads.Validate(problems, NcsnppForm.At($"{Section}.heads"), [.. Form.ChMult.Select((_, level) => image.Size >> level)]);
    }
}
