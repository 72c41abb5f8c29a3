using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>Layers with weights drawn from a given generator, so that a network depends on its seed and on nothing drawn before.</summary>
/// <param name="generator">Used while building only.</param>
internal sealed class Layers(Generator generator)
{
    /// <summary>Channels that share one mean and variance.</summary>
    private const int GroupSize = 8;

    /// <param name="gain">Standard deviation of the outputs for unit inputs; 0 makes a layer that begins by saying nothing.</param>
    internal Conv2d Conv2d(long inputs, long outputs, long kernel = 3, long stride = 1, double gain = 1)
    {
        var layer = new Conv2d(inputs, outputs, kernel, stride, padding: kernel / 2);
        Fill(layer.Weight, layer.Bias, gain / Math.Sqrt(inputs * kernel * kernel));
        return layer;
    }

    /// <inheritdoc cref="Conv2d"/>
    internal Linear Linear(long inputs, long outputs, double gain = 1)
    {
        var layer = new Linear(inputs, outputs);
        Fill(layer.Weight, layer.Bias, gain / Math.Sqrt(inputs));
        return layer;
    }

    internal static GroupNorm Norm(long channels) => GroupNorms.Create(channels / GroupSize, channels);

    private void Fill(Tensor? weight, Tensor? bias, double deviation)
    {
        using var frozen = no_grad();
        _ = weight?.copy_(randn(weight.shape, generator: generator) * deviation);
        _ = bias?.zero_();
    }
}

/// <summary>A number as waves of many lengths, so that a network can tell near times apart.</summary>
internal static class TimeEmbedding
{
    private const double Scale = 999;
    private const double LongestWave = 10000;

    /// <param name="t">From 0 to 1, [B].</param> <param name="dimension">Even.</param>
    /// <returns>Sines, then cosines, of 999 t over wavelengths in geometric order, [B, dimension].</returns>
    internal static Tensor Of(Tensor t, int dimension)
    {
        var half = dimension / 2;
        var frequencies = (arange(half, dtype: t.dtype, device: t.device) * (-Math.Log(LongestWave) / Math.Max(1, half - 1))).exp();
        var phase = t.unsqueeze(1) * Scale * frequencies;
        return cat([phase.sin(), phase.cos()], 1);
    }
}

/// <summary>
/// x + conv(silu(norm(conv(silu(norm(x)))))); the second norm is scaled and shifted by the condition, if there is one. Begins as the identity.
/// </summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Linear? _condition;
    private readonly Conv2d? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    internal ResidualBlock(Layers layers, long inputs, long outputs, long condition)
        : base(nameof(ResidualBlock))
    {
        register_module("norm1", _norm1 = Layers.Norm(inputs));
        register_module("conv1", _conv1 = layers.Conv2d(inputs, outputs));
        register_module("norm2", _norm2 = Layers.Norm(outputs));
        register_module("conv2", _conv2 = layers.Conv2d(outputs, outputs, gain: 0));
        if (condition > 0)
            register_module("condition", _condition = layers.Linear(condition, outputs * 2, gain: 0));
        if (inputs != outputs)
            register_module("skip", _skip = layers.Conv2d(inputs, outputs, kernel: 1));
    }

    /// <param name="x">[B, inputs, H, W].</param> <param name="condition">[B, condition], or null.</param>
    /// <returns>[B, outputs, H, W].</returns>
    public override Tensor forward(Tensor x, Tensor? condition)
    {
        var h = _conv1.call(NormSilu.Forward(_norm1, x));
        h = _condition is null || condition is null ? NormSilu.Forward(_norm2, h) : Conditioned(h, _condition.call(condition));
        return _conv2.call(h) + (_skip is null ? x : _skip.call(x));
    }

    /// <param name="condition">Scales, then shifts, [B, 2 outputs].</param>
    private Tensor Conditioned(Tensor h, Tensor condition)
    {
        var scaleAndShift = condition.unsqueeze(2).unsqueeze(3).chunk(2, 1);    // two [B, outputs, 1, 1]
        return nn.functional.silu(_norm2.Normalize(h) * (scaleAndShift[0] + 1) + scaleAndShift[1]);
    }
}

/// <summary>Changes of resolution without weights.</summary>
internal static class Pixels
{
    /// <summary>Folds each 2 x 2 square into channels: [B, C, H, W] to [B, 4 C, H/2, W/2].</summary>
    internal static Tensor Fold(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.view(b, c, h / 2, 2, w / 2, 2).permute(0, 1, 3, 5, 2, 4).reshape(b, c * 4, h / 2, w / 2);
    }

    /// <summary>The inverse of <see cref="Fold"/>: [B, 4 C, H, W] to [B, C, 2 H, 2 W].</summary>
    internal static Tensor Unfold(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1] / 4, x.shape[2], x.shape[3]);
        return x.view(b, c, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3).reshape(b, c, h * 2, w * 2);
    }

    /// <summary>Repeats each pixel in a 2 x 2 square: [B, C, H, W] to [B, C, 2 H, 2 W].</summary>
    internal static Tensor Double(Tensor x)
    {
        var (b, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.view(b, c, h, 1, w, 1).expand(b, c, h, 2, w, 2).reshape(b, c, h * 2, w * 2);
    }
}
