using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The published decoder: a whole NCSN++.</summary>
public sealed record NcsnppDecoderRecipe : DecoderRecipe
{
    public required NcsnppForm Form { get; init; }

    private protected override void Validate(Problems problems, ImageRecipe image) => Form.Validate(problems, NcsnppForm.At($"{Section}.form"), image.Size);
}
