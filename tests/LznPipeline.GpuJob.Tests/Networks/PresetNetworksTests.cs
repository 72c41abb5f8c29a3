using System.Text.Json;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Networks;

public sealed class PresetNetworksTests
{
    private const int Classes = 10;

    public static TheoryData<string> Names { get; } = [.. Presets.Names];

    [Theory, MemberData(nameof(Names))]
    public void Model_OfEveryPreset_HasThePartsOfItsObjective(string preset)
    {
        var recipe = Resolve(preset);
        using var model = LznModel.Unfilled(recipe, Classes);

        var parts = model.named_parameters().Select(each => LznModel.PartOf(each.name)).Distinct().Order(StringComparer.Ordinal);

        string[] expected = recipe.Objective switch
        {
            Objective.Generation => ["decoder", "encoder"],
            Objective.Representation => ["encoder"],
            _ => ["decoder", "encoder", "label_anchors"],
        };
        Assert.Equal(expected, parts);
        Assert.Equal(recipe.Objective is Objective.Joint ? Classes : 0, model.Classes);
    }

    [Theory]
    [InlineData("case3-cifar10", 49_790_260, 61_911_939)]
    [InlineData("case2-imagenet", 28_231_232, 0)]
    public void Model_OfAPublishedPreset_HasThePublishedNumberOfParameters(string preset, long encoder, long decoder)
    {
        using var model = LznModel.Unfilled(Resolve(preset), Classes);

        Assert.Equal(encoder, Count(model.Encoder));
        Assert.Equal(decoder, model.Decoder is null ? 0 : Count(model.Decoder));
    }

    [Theory]
    [InlineData("case1-small")]
    [InlineData("case3-small")]
    public void Decoder_OfAModel_TakesItsLatentsAndLabels(string preset)
    {
        using var scope = NewDisposeScope();
        var recipe = Resolve(preset);
        using var model = LznModel.Unfilled(recipe, Classes);
        var images = zeros(2, 3, 32, 32);

        var anchors = model.Encoder.call(images);
        var velocity = model.Decoder!.call(anchors, model.OneHot(tensor(new long[] { 1, 2 })), full(2, 0.5), images);

        Assert.Equal([2, recipe.Encoder.LatentDimension], anchors.shape);
        Assert.Equal(images.shape, velocity.shape);
    }

    private static Recipe Resolve(string preset)
    {
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, new Dictionary<string, JsonElement>(), problems);
        problems.ThrowIfAny();
        return recipe!;
    }

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());
}
