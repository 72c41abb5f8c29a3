using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>A convolution over [B, C, H, W] that computes in the type of its input; its weights are float32 all the same.</summary>
/// <remarks>The layer of TorchSharp computes in the type of its weights. Parameters have its names; whoever makes the layer fills them.</remarks>
internal sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    internal Conv2d(long inputs, long outputs, long kernel, long stride, long padding, bool bias = true)
        : base(nameof(Conv2d))
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

/// <summary>A linear map of vectors, [..., inputs] to [..., outputs], that computes in the type of its input, as <see cref="Conv2d"/> does.</summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    internal Linear(long inputs, long outputs, bool bias = true)
        : base(nameof(Linear))
    {
        _weight = new Parameter(zeros(outputs, inputs));
        _bias = bias ? new Parameter(zeros(outputs)) : null;
        RegisterComponents();
    }

    internal Parameter Weight => _weight;

    internal Parameter? Bias => _bias;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(x, _weight.As(x), _bias?.As(x)).MoveToOuterDisposeScope();
    }
}

/// <summary>Group normalisation whose weights begin as 1 and biases as 0.</summary>
internal static class GroupNorms
{
    /// <remarks>Filled here because TorchSharp leaves both as memory happens to be.</remarks>
    internal static GroupNorm Create(long groups, long channels, double eps = 1e-5)
    {
        var layer = nn.GroupNorm(groups, channels, eps);
        nn.init.ones_(layer.weight);
        nn.init.zeros_(layer.bias!);    // affine by default
        return layer;
    }

    /// <summary>Computes in the type of the maps, as <see cref="Conv2d"/> does; the layer itself takes that of its weights alone.</summary>
    internal static Tensor Normalize(this GroupNorm layer, Tensor x) => x.dtype == layer.weight.dtype
        ? layer.call(x)
        : nn.functional.group_norm(x, layer.num_groups, layer.weight.As(x), layer.bias!.As(x), layer.eps);     // affine by default
}

/// <summary>
/// Networks are computed in the type of the images they are given: feature maps are of that type, and weights, float32, are converted where they
/// are used, so that their gradients are float32 again. What is a vector for each image (conditions, heads, anchors) is float32 always: it costs
/// little, and carries all that the latent flow sees.
/// </summary>
internal static class TensorTypes
{
    /// <summary>The tensor in the type of another one; itself if it has it already. Gradients flow through.</summary>
    internal static Tensor As(this Tensor tensor, Tensor other) => tensor.dtype == other.dtype ? tensor : tensor.to_type(other.dtype);

    /// <inheritdoc cref="As"/>
    internal static Tensor AsFloat32(this Tensor tensor) => tensor.dtype == ScalarType.Float32 ? tensor : tensor.to_type(ScalarType.Float32);
}

/// <summary>
/// Networks and training compute on one device; everything around them (encodings, latents, figures, pictures) is in memory.
/// Whoever asks a network brings its inputs there, and its answers back.
/// </summary>
internal static class ModuleDevice
{
    /// <summary>Where a network computes: where its weights are, or in memory if it has none.</summary>
    internal static Device Device(this nn.Module network) => network.parameters().FirstOrDefault()?.device ?? CPU;
}
