using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

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
            // A doubled image has 0 in three of four places: what the filter lets through grows by 4. A correlation takes the filter reversed, its transpose takes it as it is.
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
