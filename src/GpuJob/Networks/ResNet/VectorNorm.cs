using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Group normalisation of vectors, [B, C]; the layer of TorchSharp takes feature maps only.</summary>
internal sealed class VectorNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    internal VectorNorm(long channels)
        : base(nameof(VectorNorm))
    {
        _weight = new Parameter(ones(channels));
        _bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => nn.functional.group_norm(features, ResNetEncoderRecipe.Groups, _weight.As(features), _bias.As(features));
}
