using System.Text.Json;
using LznPipeline.GpuJob.Networks.ResNet;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class ResNetTests
{
    [Theory]
    [InlineData("net_resnet50_sk0")]
    [InlineData("net_resnet50_sk0.0625")]
    public void ResNet50_FeaturesAnchorsAndStateDictionary_AreThePublishedOnes(string name)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var golden = Golden.Open(name);
        var options = new ResNetEncoderRecipe
        {
            SkRatio = golden.Fraction("sk_ratio"),
            LatentDimension = golden.Number("head_out_dim"),
            HeadLayers = golden.Number("head_num_layers")
        };
        using var generator = new Generator();
        using var network = Formula.Fill(new ResNetEncoder(options, generator));

        var (features, anchors) = network.Read(golden["x"]);

        var published = JsonSerializer.Deserialize<Dictionary<string, long[]>>(golden.Text("state"))!;
        Assert.Equal(
            new(published.ToDictionary(entry => entry.Key, entry => string.Join("x", entry.Value)), StringComparer.Ordinal),
            NcsnppTests.Shapes(network));
        Assert.Equal(golden.Number("parameters"), network.parameters().Sum(parameter => parameter.numel()));
        Assert.InRange(Golden.Deviation(features!, golden["features"]), 0, 2e-4);
        Assert.InRange(Golden.Deviation(anchors, golden["head"]), 0, 2e-4);
    }
}
