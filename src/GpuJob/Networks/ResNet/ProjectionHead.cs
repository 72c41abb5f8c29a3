using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Linear layers without bias, each normalised; a ReLU after each but the last.</summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers = nn.Sequential();

    internal ProjectionHead(ResNetOptions options, ResNetLayers layers, int inputs)
        : base(nameof(ProjectionHead))
    {
        for (var layer = 1; layer < options.HeadNumLayers; layer++)
            _layers.append(layers.Linear(inputs, inputs)).append(new VectorNorm(inputs)).append(nn.ReLU());
        _layers.append(layers.Linear(inputs, options.HeadOutDim)).append(new VectorNorm(options.HeadOutDim));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => _layers.call(features);
}
