using LznPipeline.GpuJob.Flow;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class LatentFlowTests
{
    public static TheoryData<string> Files { get; } =
        ["latent_euler_b12_d8_n5_s0.05", "latent_euler_b12_d8_n5_s1.0", "latent_euler_b24_d16_n20_s0.05", "latent_euler_b24_d16_n20_s1.0"];

    [Theory, MemberData(nameof(Files))]
    public void Forward_InSinglePrecision_IsWithin2e6OfDouble(string file)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Open(file);

        var latent = Forward(golden, golden.Single("anchors"), golden.Single("prior"));

        Assert.InRange(Golden.Distance(latent, golden["latent64"]), 0, 2e-6);
    }

    [Theory, MemberData(nameof(Files))]
    public void Forward_InDoublePrecision_IsThePublishedFlow(string file)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Open(file);

        var latent = Forward(golden, golden["anchors"], golden["prior"]);

        // The published form loses digits at small times even in float64.
        Assert.InRange(Golden.Distance(latent, golden["latent64"]), 0, 1e-8);
    }

    [Theory, MemberData(nameof(Files))]
    public void Forward_Gradient_IsWithin2e6OfDouble(string file)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Open(file);
        var anchors = golden.Single("anchors").requires_grad_();

        (Forward(golden, anchors, golden.Single("prior")) * golden.Single("cotangent")).sum().backward();

        Assert.InRange(Golden.RelativeDistance(anchors.grad!, golden["grad64"]), 0, 2e-6);
    }

    [Theory]
    [InlineData("latent_euler_b12_d8_n5_s0.05", null)]
    [InlineData("latent_euler_b12_d8_n5_s1.0", "class_weights")]
    [InlineData("latent_euler_b24_d16_n20_s0.05", "class_weights")]
    [InlineData("latent_euler_b24_d16_n20_s1.0", null)]
    public void Reverse_InSinglePrecision_IsWithin1e5OfDouble(string file, string? weights)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Open(file);
        var suffix = weights is null ? "64" : "_weighted64";

        var (arrived, logProbabilities) = LatentFlow.Reverse(
            golden["latent64"].to_type(ScalarType.Float32), golden.Single("anchors"), weights is null ? null : golden.Single(weights), golden.Number("num_steps"));

        Assert.InRange(Golden.Distance(arrived, golden["back" + suffix]), 0, 1e-5);
        Assert.InRange(Golden.Distance(stack(logProbabilities).exp(), golden["prob" + suffix]), 0, 1e-5);
    }

    private static Tensor Forward(Golden golden, Tensor anchors, Tensor prior) =>
        LatentFlow.Forward(anchors, prior, arange(anchors.shape[0], dtype: ScalarType.Int64), golden.Number("num_steps"));
}
