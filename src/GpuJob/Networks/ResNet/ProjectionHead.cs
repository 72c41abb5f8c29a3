using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Linear layers without bias, each normalised; a ReLU after each but the last.</summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers = nn.Sequential();

    internal ProjectionHead(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs)
        : base(nameof(ProjectionHead))
    {
        for (var layer = 1; layer < recipe.HeadLayers; layer++)
            _layers.append(layers.Dense(inputs, inputs)).append(new VectorNorm(inputs)).append(nn.ReLU());
        _layers.append(layers.Dense(inputs, recipe.LatentDimension)).append(new VectorNorm(recipe.LatentDimension));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => _layers.call(features);
}
