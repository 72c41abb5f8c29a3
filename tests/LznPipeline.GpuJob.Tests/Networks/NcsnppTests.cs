using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Networks;

public sealed class NcsnppTests
{
    private static readonly NcsnppOptions Small = new() { ImageSize = 8, Nf = 8, ChMult = [1, 2], NumResBlocks = 1, AttnResolutions = [4] };

    [Fact]
    public void Decoder_Trained_LeavesNothingBehindButItsResult()
    {
        using var generator = new Generator(1);
        using var decoder = new NcsnppDecoder(Small, latentDimension: 4, classes: 2, generator);
        using var scope = NewDisposeScope();
        var (latents, labels, t, xt) = (randn(3, 4), zeros(3, 2), rand(3), randn(3, 3, 8, 8));
        var before = scope.DisposablesCount;

        decoder.call(latents, labels, t, xt);

        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void Encoder_SameSeed_HasTheSameWeights()
    {
        using var first = Encoder(seed: 5);
        using var second = Encoder(seed: 5);
        using var other = Encoder(seed: 6);

        Assert.All(first.state_dict(), entry => Assert.True(entry.Value.equal(second.state_dict()[entry.Key]).all().item<bool>(), entry.Key));
        Assert.False(first.state_dict()["all_modules.0.weight"].equal(other.state_dict()["all_modules.0.weight"]).all().item<bool>());
    }

    [Fact]
    public void Encoder_MapsOfSomeResolutions_AreReadUnderTheirNumbers()
    {
        using var generator = new Generator(1);
        using var encoder = new NcsnppEncoder(Small, new NcsnppHeads { LatentTransformationResolutions = [4] }, latentDimension: 4, generator);

        var read = encoder.state_dict().Keys.Where(name => name.StartsWith("spatial", StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct();

        Assert.Equal(["2", "3", "4"], read);
    }

    [Fact]
    public void Decoder_AfterTheFirstStep_HasAGradientForEveryParameter()
    {
        using var generator = new Generator(1);
        using var decoder = new NcsnppDecoder(Small with { InitScale = 1 }, latentDimension: 4, classes: 0, generator);

        BackwardPass.From(decoder.call(randn(2, 4), zeros([2, 0]), rand(2), randn(2, 3, 8, 8)).square().sum());

        Assert.All(decoder.named_parameters(), each => Assert.True(each.parameter.grad is not null, each.name));
    }

    [Fact]
    public void Parse_UnknownWord_NamesTheFieldAndTheKnownWords()
    {
        var error = Assert.Throws<OptionsException>(() => NcsnppOptions.Parse(
            """{"image_size": 8, "nf": 8, "ch_mult": [1], "num_res_blocks": 1, "attn_resolutions": [], "resblock_type": "vgg"}"""));

        Assert.Contains("resblock_type", error.Message, StringComparison.Ordinal);
        Assert.Contains("biggan, ddpm, not 'vgg'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_UnknownField_IsRefused()
    {
        var error = Assert.Throws<OptionsException>(() => NcsnppOptions.Parse(
            """{"image_size": 8, "nf": 8, "ch_mult": [1], "num_res_blocks": 1, "attn_resolutions": [], "depth": 3}"""));

        Assert.Contains("depth", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralWrongValues_AreAllNamedAsPublished()
    {
        var error = Assert.Throws<OptionsException>(() => NcsnppOptions.Parse(
            """{"image_size": 9, "nf": 132, "ch_mult": [1, 2], "num_res_blocks": 1, "attn_resolutions": [],"""
            + """ "nonlinearity": "relu", "progressive_input": "residual"}"""));

        Assert.Equal(["ch_mult", "nf", "progressive_input", "nonlinearity"], error.Problems.Select(problem => problem.Field));
    }

    [Fact]
    public void ParseHeads_ResolutionThatTheNetworkLacks_IsRefused()
    {
        var error = Assert.Throws<OptionsException>(() => Small.ParseHeads("""{"latent_transformation_resolutions": [5]}"""));

        Assert.Equal("latent_transformation_resolutions is [5]. Allowed: some of the network's resolutions 8, 4, or null for all.", error.Message);
    }

    private static NcsnppEncoder Encoder(ulong seed)
    {
        using var generator = new Generator(seed);
        return new NcsnppEncoder(Small, new NcsnppHeads(), latentDimension: 4, generator);
    }
}
