using TorchSharp.Modules;
using static TorchSharp.torch;
using Adam = LznPipeline.GpuJob.Optimization.Adam;

namespace LznPipeline.GpuJob.Tests.Optimization;

/// <summary>Against TorchSharp's optim.Adam with its gradient clipping, in float64, where both differ by rounding alone.</summary>
public sealed class AdamTests
{
    private const double Rate = 0.01;

    /// <summary>More numbers than one vector takes, a part of a single parameter, and one without a gradient.</summary>
    [Theory, InlineData(1e9, 1), InlineData(0.5, 1), InlineData(0.5, 1024)]
    public void Step_PartsOfSeveralVectors_MovesThemAsTorchSharpDoes(double clipNorm, double lossScale)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        long[][] shapes = [[300, 500], [7], [400, 400], [3], [3, 4]];
        string[] names = ["encoder.a", "encoder.b", "encoder.c", "encoder.d", "label_anchors"];
        var ours = shapes.Select(shape => new Parameter(randn(shape, dtype: ScalarType.Float64, generator: generator))).ToList();
        var theirs = ours.ConvertAll(parameter => new Parameter(parameter.detach().clone()));
        using var adam = new Adam([.. names.Zip(ours)]);
        using var expected = optim.Adam(theirs, Rate, Adam.Beta1, Adam.Beta2, Adam.Epsilon);

        for (var step = 0; step < 3; step++)
        {
            foreach (var (own, their) in ours.Zip(theirs).Where(pair => pair.First.numel() != 3))
            {
                their.grad = randn(own.shape, dtype: ScalarType.Float64, generator: generator);
                own.grad = their.grad * lossScale;
            }

            var norm = nn.utils.clip_grad_norm_(theirs, clipNorm);
            expected.step();

            Assert.Equal(norm, adam.Step(_ => Rate, clipNorm, lossScale), norm * 1e-12);
        }

        Assert.All(ours.Zip(theirs), pair => Assert.InRange((pair.First - pair.Second).abs().max().item<double>(), 0, 1e-12));
    }
}
