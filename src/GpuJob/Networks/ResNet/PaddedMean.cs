using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Mean over squares of 2 x 2 places; below and to the right of the feature map there are zeros.</summary>
internal sealed class PaddedMean(int stride) : nn.Module<Tensor, Tensor>(nameof(PaddedMean))
{
    public override Tensor forward(Tensor x)
    {
        using var padded = nn.functional.pad(x, (0, 1, 0, 1));
        return nn.functional.avg_pool2d(padded, kernel_size: 2, stride: stride);
    }
}
