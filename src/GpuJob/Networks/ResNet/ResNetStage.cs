using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>The blocks of one resolution; the first of them halves it if the stride is 2.</summary>
internal sealed class ResNetStage : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<Bottleneck> _blocks = [];

    internal ResNetStage(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs, int width, int blocks, int stride)
        : base(nameof(ResNetStage))
    {
        _blocks.Add(new Bottleneck(recipe, layers, inputs, width, stride, projects: true));
        for (var block = 1; block < blocks; block++)
            _blocks.Add(new Bottleneck(recipe, layers, width * ResNetLayers.Expansion, width, stride: 1, projects: false));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _blocks.Aggregate(x, (features, block) => block.call(features)).MoveToOuterDisposeScope();
    }
}
