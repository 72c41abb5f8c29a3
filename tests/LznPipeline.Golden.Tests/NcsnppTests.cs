using System.Text.Json;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class NcsnppTests
{
    /// <summary>Of float32, over the greatest number expected.</summary>
    private const double Tolerance = 2e-4;

    private static readonly string[] FormsWithEncoder =
        ["net_cifar_like_c0", "net_cifar_like_c10", "net_cifar_like_deep_c0", "net_afhq_like_c0", "net_residual_like_c0"];

    public static TheoryData<string> Forms { get; } =
        [.. FormsWithEncoder, "net_ddpm_like_c0"];

    /// <summary>Those whose files hold what the encoder gives.</summary>
    public static TheoryData<string> EncoderForms { get; } = [.. FormsWithEncoder];

    [Theory]
    [MemberData(nameof(Forms))]
    public void StateDictionaries_HaveThePublishedNamesAndShapes(string form)
    {
        var golden = new GoldenNcsnpp(form);

        Assert.Equal(Published("decoder_state"), Shapes(golden.Decoder()));
        Assert.Equal(Published("encoder_state"), Shapes(golden.Encoder()));

        SortedDictionary<string, string> Published(string key) => new(
            JsonSerializer.Deserialize<Dictionary<string, long[]>>(golden.File.Text(key))!
                .ToDictionary(entry => entry.Key, entry => string.Join("x", entry.Value)),
            StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EncoderForms))]
    public void Encoder_AnchorsAndInputGradients_AreThePublishedOnes(string form)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenNcsnpp(form);
        var x = golden.File["x"].requires_grad_();

        var anchors = golden.Encoder().call(x);
        BackwardPass.From(anchors, Formula.Wave(anchors.shape, phase: 3));

        Assert.InRange(Golden.Deviation(anchors, golden.File["encoded"]), 0, Tolerance);
        Assert.InRange(Golden.Deviation(x.grad!, golden.File["grad_x"]), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Decoder_VelocitiesAndInputGradients_AreThePublishedOnes(string form)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenNcsnpp(form);
        var xt = golden.File["xt"].requires_grad_();

        var velocity = golden.Decoder().call(golden.File["latent"], golden.Labels, golden.File["t"], xt);
        BackwardPass.From(velocity, Formula.Wave(velocity.shape, phase: 4));

        Assert.InRange(Golden.Deviation(velocity, golden.File["decoded"]), 0, Tolerance);
        Assert.InRange(Golden.Deviation(xt.grad!, golden.File["grad_xt"]), 0, Tolerance);
    }

    [Fact]
    public void Cifar10Networks_OfFullSize_GiveThePublishedNumbers()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var golden = new GoldenNcsnpp("net_cifar10_full");
        using var encoder = golden.Encoder(new NcsnppHeads());
        using var decoder = golden.Decoder();

        Assert.Equal(golden.File.Number("encoder_parameters"), encoder.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(golden.File.Number("decoder_parameters"), decoder.parameters().Sum(parameter => parameter.numel()));
        Assert.InRange(Golden.Deviation(encoder.call(golden.File["x"]), golden.File["encoded"]), 0, Tolerance);
        var labels = nn.functional.one_hot(golden.File["label"], golden.Classes).to_type(ScalarType.Float32);
        Assert.InRange(Golden.Deviation(decoder.call(golden.File["latent"], labels, golden.File["t"], golden.File["x"]), golden.File["decoded"]), 0, Tolerance);
    }

    [Theory]
    [InlineData("case1-cifar10")]
    [InlineData("case3-cifar10")]
    public void Cifar10Preset_Networks_HaveThePublishedConfiguration(string preset)
    {
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, new Dictionary<string, JsonElement>(), problems)!;
        problems.ThrowIfAny();
        var golden = Golden.Open("net_cifar10_full");
        var published = NcsnppOptions.Parse(golden.Text("config"));

        var (encoder, decoder) = (Assert.IsType<NcsnppEncoderRecipe>(recipe.Encoder), Assert.IsType<NcsnppDecoderRecipe>(recipe.Decoder));
        Assert.Equivalent(published, new NcsnppOptions(encoder.Form, recipe.Image.Size), strict: true);
        Assert.Equivalent(published, new NcsnppOptions(decoder.Form, recipe.Image.Size), strict: true);
        Assert.Equivalent(new NcsnppHeads(), encoder.Heads, strict: true);
        Assert.Equal(golden.Number("latent_dim"), encoder.LatentDimension);
    }

    internal static SortedDictionary<string, string> Shapes(nn.Module network) =>
        new(network.state_dict().ToDictionary(entry => entry.Key, entry => string.Join("x", entry.Value.shape)), StringComparer.Ordinal);
}
