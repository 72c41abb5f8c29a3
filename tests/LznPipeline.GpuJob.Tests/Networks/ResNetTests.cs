using LznPipeline.GpuJob.Networks.ResNet;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Networks;

public sealed class ResNetTests
{
    private static readonly ResNetEncoderRecipe Form = new() { LatentDimension = 256 };

    [Fact]
    public void Encoder_AtFirst_PassesShortcutsOnly()
    {
        using var generator = new Generator(1);
        using var encoder = new ResNetEncoder(Form, generator);

        var last = encoder.state_dict().Where(entry => entry.Key.EndsWith("net.5.0.weight", StringComparison.Ordinal)).ToList();

        Assert.Equal(3 + 4 + 6 + 3, last.Count);
        Assert.All(last, entry => Assert.Equal(0, entry.Value.abs().sum().item<float>()));
    }

    [Theory]
    [InlineData(101, 23)]
    [InlineData(152, 36)]
    [InlineData(200, 36)]
    public void Encoder_Deeper_HasMoreBlocksInTheThirdStage(int depth, int blocks)
    {
        using var generator = new Generator(1);
        using var encoder = new ResNetEncoder(Form with { Depth = depth }, generator);

        var third = encoder.state_dict().Keys.Where(name => name.StartsWith("net.3.blocks.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[3]).Distinct();

        Assert.Equal(blocks, third.Count());
    }

    [Fact]
    public void Encoder_Called_LeavesNothingBehindButItsResults()
    {
        using var generator = new Generator(1);
        using var encoder = new ResNetEncoder(Form with { SkRatio = 0.0625 }, generator);
        using var scope = NewDisposeScope();
        var images = randn(1, 3, 32, 32);

        encoder.Read(images);

        Assert.Equal(3, scope.DisposablesCount);
    }
}
