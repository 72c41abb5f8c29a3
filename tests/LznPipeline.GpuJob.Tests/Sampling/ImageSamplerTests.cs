using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Sampling;

public sealed class ImageSamplerTests
{
    [Theory]
    [InlineData(SamplingSolver.Euler)]
    [InlineData(SamplingSolver.Rk45)]
    public void Draw_StraightPaths_EverySolverPredictsTheEndFromTheFirstStepOn(SamplingSolver solver)
    {
        using var scope = NewDisposeScope();
        using var decoder = new Straight();
        var sampler = new ImageSampler(decoder, new SamplingRecipe { Solver = solver, Steps = 4, Columns = 1 });
        var noise = zeros(2, 3, 4, 4);
        var predictions = new List<(double Time, double Value)>();

        var images = sampler.Draw(
            noise, zeros(2, 1), zeros(2, 0), (image, t) => predictions.Add((t, image[0, 0, 0, 0].to_type(ScalarType.Float32).item<float>())));

        Assert.InRange((images - 2 * (1 - 1e-3)).abs().max().item<float>(), 0, 1e-5);       // the path begins at time 1e-3
        Assert.Equal(1, predictions[^1].Time, 6);
        Assert.True(solver is not SamplingSolver.Euler || predictions.Count == 4);
        Assert.All(predictions, each => Assert.Equal(2 * (each.Time - 1e-3) / each.Time, each.Value, 4));
    }

    [Theory]
    [InlineData(SamplingSolver.Euler)]
    [InlineData(SamplingSolver.Rk45)]
    public void Invert_WhatWasDrawn_GivesItsNoise(SamplingSolver solver)
    {
        using var scope = NewDisposeScope();
        using var decoder = new Straight();
        var sampler = new ImageSampler(decoder, new SamplingRecipe { Solver = solver, Steps = 4, Columns = 1 });
        var noise = randn(2, 3, 4, 4);

        var images = sampler.Draw(noise, zeros(2, 1), zeros(2, 0));

        Assert.InRange((sampler.Invert(images, zeros(2, 1), zeros(2, 0)) - noise).abs().max().item<float>(), 0, 1e-5);
    }

    /// <summary>The same velocity, 2, everywhere and at all times.</summary>
    private sealed class Straight() : ImageDecoder(nameof(Straight))
    {
        public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt) => full_like(xt, 2);
    }
}
