using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>A convolution over [B, C, H, W] that computes in the type of its input; its weights are float32 all the same.</summary>
/// <remarks>The layer of TorchSharp computes in the type of its weights. Parameters have its names; whoever makes the layer fills them.</remarks>
internal sealed class Conv : nn.Module<Tensor, Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    internal Conv(long inputs, long outputs, long kernel, long stride, long padding, bool bias = true)
        : base(nameof(Conv))
    {
        (_stride, _padding) = ([stride, stride], [padding, padding]);
        _weight = new Parameter(zeros(outputs, inputs, kernel, kernel));
        _bias = bias ? new Parameter(zeros(outputs)) : null;
        RegisterComponents();
    }

    internal Parameter Weight => _weight;

    internal Parameter? Bias => _bias;

    /// <summary>Whether maps are brought into the order in which the channels of a place lie side by side; the next layers then keep it.</summary>
    internal bool ChannelsLast { get; set; }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var placed = ChannelsLast ? x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : x;
        return nn.functional.conv2d(placed, _weight.As(x), _bias?.As(x), _stride, _padding).MoveToOuterDisposeScope();
    }
}
