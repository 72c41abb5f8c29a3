using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>GroupNorm over 32 groups, followed by a ReLU unless it ends a branch.</summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    private readonly bool _relu;

    [ComponentName(Name = "0")]
    private readonly GroupNorm _norm;

    /// <param name="zero">Whether the scale begins as 0, so that the branch it ends says nothing at first.</param>
    internal Norm(int channels, bool relu = true, bool zero = false)
        : base(nameof(Norm))
    {
        _relu = relu;
        _norm = GroupNorms.Create(ResNetEncoderRecipe.Groups, channels);
        if (zero)
            nn.init.zeros_(_norm.weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var normed = _norm.Normalize(x);
        return _relu ? normed.relu_() : normed;
    }
}
