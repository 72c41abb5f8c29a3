using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Changes of resolution without weights: through the filter, or by the mean of four places and by repeating each.</summary>
internal static class Resampling
{
    internal static nn.Module<Tensor, Tensor> Halve(NcsnppOptions options) => options.Fir ? new FirFilter(options.FirKernel, FirMode.Halve) : new MeanOfFour();

    internal static nn.Module<Tensor, Tensor> Double(NcsnppOptions options) =>
        options.Fir ? new FirFilter(options.FirKernel, FirMode.Double) : nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest);
}

/// <summary>DDPM's way to double the resolution: each place repeated in a square, then a convolution.</summary>
internal sealed class Upsample : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _double;

    [ComponentName(Name = "Conv_0")]
    private readonly Conv2d _conv;

    internal Upsample(NcsnppOptions options, NcsnppLayers layers, int channels)
        : base(nameof(Upsample))
    {
        _double = Resampling.Double(options);
        _conv = layers.Conv2d(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var doubled = _double.call(x);
        return _conv.call(doubled);
    }
}

/// <summary>DDPM's way to halve the resolution: a convolution of stride 2, padded below and to the right only.</summary>
internal sealed class Downsample : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "Conv_0")]
    private readonly Conv2d _conv;

    internal Downsample(NcsnppLayers layers, int channels)
        : base(nameof(Downsample))
    {
        _conv = layers.Conv2d(channels, channels, stride: 2, padded: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var padded = nn.functional.pad(x, (0, 1, 0, 1));
        return _conv.call(padded);
    }
}

/// <summary>Halves the resolution by the filter and a convolution of stride 2: the residual path of the image.</summary>
internal sealed class FirDownsample : nn.Module<Tensor, Tensor>
{
    private readonly FirFilter _smooth;

    [ComponentName(Name = "Conv2d_0")]
    private readonly Conv2d _conv;

    internal FirDownsample(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs)
        : base(nameof(FirDownsample))
    {
        _smooth = new FirFilter(options.FirKernel, FirMode.Smooth);
        _conv = layers.Conv2d(inputs, outputs, stride: 2, padded: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var smooth = _smooth.call(x);
        return _conv.call(smooth);
    }
}

/// <summary>A separable low-pass filter over each channel by itself, which halves, doubles or keeps the resolution.</summary>
/// <remarks>The filter is no part of the state dictionary.</remarks>
internal sealed class FirFilter : nn.Module<Tensor, Tensor>
{
    private readonly FirMode _mode;
    private readonly Tensor _kernel;                                            // [1, 1, taps, taps]

    /// <param name="taps">In one direction, in any scale; an even number of them.</param>
    internal FirFilter(double[] taps, FirMode mode)
        : base(nameof(FirFilter))
    {
        _mode = mode;
        using (var scope = NewDisposeScope())
        {
            var line = tensor(taps, dtype: ScalarType.Float32);
            // A doubled image has 0 in three of four places: what the filter lets through grows by 4.
            // A correlation takes the filter reversed, its transpose takes it as it is.
            var kernel = line.outer(line) * ((mode == FirMode.Double ? 4 : 1) / Math.Pow(taps.Sum(), 2));
            _kernel = (mode == FirMode.Double ? kernel : kernel.flip(0, 1)).unsqueeze(0).unsqueeze(0).DetachFromDisposeScope();
        }

        register_buffer(nameof(_kernel), _kernel, persistent: false);
    }

    /// <param name="x">[B, C, H, W].</param>
    /// <returns>[B, C, H/2, W/2], [B, C, 2 H, 2 W], or [B, C, H + 1, W + 1] for a convolution of kernel 3 and stride 2 that halves it.</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var channels = x.shape[1];
        var taps = _kernel.shape[^1];
        var kernel = _kernel.As(x).expand(channels, 1, taps, taps);
        var edge = taps / 2 - 1;
        var filtered = _mode switch
        {
            FirMode.Halve => nn.functional.conv2d(x, kernel, strides: [2, 2], padding: [edge, edge], groups: channels),
            FirMode.Double => nn.functional.conv_transpose2d(x, kernel, strides: [2, 2], padding: [edge, edge], groups: channels),
            _ => nn.functional.conv2d(x, kernel, padding: [edge + 1, edge + 1], groups: channels),
        };
        return filtered.MoveToOuterDisposeScope();
    }
}

internal enum FirMode
{
    Halve,
    Double,

    /// <summary>Only smooths, one place wider on each axis.</summary>
    Smooth,
}

/// <summary>Halves the resolution: each place is the mean of a square of four.</summary>
/// <remarks>
/// Without gradients the four are added in the published order, since an adaptive step length magnifies rounding; in training one pass does.
/// </remarks>
internal sealed class MeanOfFour() : nn.Module<Tensor, Tensor>(nameof(MeanOfFour))
{
    /// <param name="x">[B, C, H, W].</param> <returns>[B, C, H/2, W/2].</returns>
    public override Tensor forward(Tensor x)
    {
        if (is_grad_enabled())
            return nn.functional.avg_pool2d(x, 2);
        using var columns = nn.functional.avg_pool2d(x, [1, 2]);
        return nn.functional.avg_pool2d(columns, [2, 1]);
    }
}
