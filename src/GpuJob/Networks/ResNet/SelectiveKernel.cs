using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Two 3x3 convolutions, mixed for each channel by weights that depend on the means of both (Li et al., Selective Kernel Networks, 2019).</summary>
internal sealed class SelectiveKernel : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "main_conv")]
    private readonly Sequential _main;

    [ComponentName(Name = "mixing_conv")]
    private readonly Sequential _mixing;

    /// <param name="middle">Channels between the two layers that compute the weights.</param>
    internal SelectiveKernel(ResNetLayers layers, int inputs, int outputs, int stride, int middle)
        : base(nameof(SelectiveKernel))
    {
        _main = nn.Sequential(layers.Conv(inputs, 2 * outputs, stride: stride), new Norm(2 * outputs));
        _mixing = nn.Sequential(layers.Conv(outputs, middle, kernel: 1), new Norm(middle), layers.Conv(middle, 2 * outputs, kernel: 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var both = _main.call(x).unflatten(1, 2, -1);                           // [B, 2, C, H, W]
        var means = both.mean([3, 4], keepdim: true).sum(1);                    // [B, C, 1, 1]
        var weights = nn.functional.softmax(_mixing.call(means).unflatten(1, 2, -1), dim: 1);   // [B, 2, C, 1, 1]
        return (both * weights).sum(1).MoveToOuterDisposeScope();               // [B, C, H, W]
    }
}
