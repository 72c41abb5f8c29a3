using LznPipeline.Shared.Recipes;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Brings a block's input to the shape of its result.</summary>
internal sealed class Projection : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "shortcut")]
    private readonly nn.Module<Tensor, Tensor> _shortcut;

    [ComponentName(Name = "bn")]
    private readonly Norm _norm;

    internal Projection(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs, int outputs, int stride)
        : base(nameof(Projection))
    {
        _shortcut = recipe.HasSelectiveKernels()
            ? nn.Sequential(("1", new PaddedMean(stride)), ("2", layers.Conv(inputs, outputs, kernel: 1)))
            : layers.Conv(inputs, outputs, kernel: 1, stride: stride);
        _norm = new Norm(outputs, relu: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var projected = _shortcut.call(x);
        return _norm.call(projected);
    }
}
