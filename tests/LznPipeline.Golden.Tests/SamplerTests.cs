using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <remarks>
/// The adaptive sampler's path through these networks is not fixed by its equation: the networks see sin(999 t), steps are longer than its period, and so the
/// chain of step lengths magnifies rounding until it fills the tolerance. The published program itself, which takes 578 evaluations on one thread, takes 536 on
/// two, and ends 3e-2 elsewhere on its way back. So the published end and ours must lie as near to the solution in float64 as other roundings of the same
/// method do. Its steps are compared with SciPy's, exactly, on problems that do not magnify (DormandPrinceSolverTests).
/// </remarks>
[Trait("Category", "Golden")]
public sealed class SamplerTests(ITestOutputHelper output)
{
    private const double Epsilon = 1e-3;
    private const double Tolerance = 1e-3;

    /// <summary>The larger network takes a minute on its way back, which the nightly form has.</summary>
    public static TheoryData<string> BackwardForms =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY")) ? ["net_cifar_like_c10"] : ["net_cifar_like_c10", "net_ddpm_like_c0"];

    private static readonly SamplingRecipe Rk45 = new() { Solver = SamplingSolver.Rk45, Columns = 1 };

    [Theory]
    [MemberData(nameof(NcsnppTests.Forms), MemberType = typeof(NcsnppTests))]
    public void Euler10_BothDirections_ArriveWhereThePublishedSamplerDoes(string form)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenNcsnpp(form);
        var velocity = golden.Velocity();

        var image = EulerSolver.Solve(velocity, golden.File["xt"], Epsilon, 1, steps: 10);
        var noise = EulerSolver.Solve(velocity, golden.File["euler10"], 1, Epsilon, steps: 10);

        Assert.InRange(Golden.Deviation(image, golden.File["euler10"]), 0, Tolerance);
        Assert.InRange(Golden.Deviation(noise, golden.File["euler10_inverse"]), 0, Tolerance);
    }

    [Theory]
    [InlineData("net_cifar_like_c10")]
    [InlineData("net_ddpm_like_c0")]
    public void Rk45_FromNoise_EndsAsNearToTheSolutionAsItsConditioningAllows(string form)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenNcsnpp(form);
        var decoder = new CountingDecoder(golden.Decoder());

        var images = new ImageSampler(decoder, Rk45).Draw(golden.File["xt"], golden.File["latent"], golden.Labels);

        // Roundings that lead as far as ten steps of Euler end from the published end could not tell one method from another.
        var published = golden.File.InMemory("rk45");
        new Conditioning(output, golden, golden.File["xt"], Epsilon, 1).AssertCovers(
            Golden.Deviation(golden.File.InMemory("euler10"), published), (published, golden.File["nfev"][0].item<long>()), (images, decoder.Calls));
    }

    /// <remarks>The files hold what the last step predicts for time 0; the sampler returns the point itself, where the way forward begins.</remarks>
    [Theory]
    [MemberData(nameof(BackwardForms))]
    public void Rk45_FromImages_EndsAsNearToTheSolutionAsItsConditioningAllows(string form)
    {
        using var scope = NewDisposeScope();
        var golden = new GoldenNcsnpp(form);
        var decoder = new CountingDecoder(golden.Decoder());
        var images = golden.File["rk45"];

        var noise = new ImageSampler(decoder, Rk45).Invert(images, golden.File["latent"], golden.Labels);

        // What the published program's way there and back misses of its beginning is its own rounding, of both ways; a factor of three, since it is one sample.
        var published = golden.File.InMemory("rk45_inverse") * (1 - Epsilon) + images.cpu() * Epsilon;
        new Conditioning(output, golden, images, 1, Epsilon).AssertCovers(
            3 * Golden.Deviation(published, golden.File.InMemory("xt")), (published, golden.File["nfev"][1].item<long>()), (noise, decoder.Calls));
    }
}
