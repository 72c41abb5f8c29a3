using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>x + conv(silu(norm(conv(silu(norm(x)))))); the second norm is scaled and shifted by the condition, if there is one. Begins as the identity.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly GroupNorm _norm1;
    private readonly Conv _conv1;
    private readonly GroupNorm _norm2;
    private readonly Conv _conv2;
    private readonly Dense? _condition;
    private readonly Conv? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    internal ResidualBlock(Layers layers, long inputs, long outputs, long condition)
        : base(nameof(ResidualBlock))
    {
        register_module("norm1", _norm1 = Layers.Norm(inputs));
        register_module("conv1", _conv1 = layers.Conv(inputs, outputs));
        register_module("norm2", _norm2 = Layers.Norm(outputs));
        register_module("conv2", _conv2 = layers.Conv(outputs, outputs, gain: 0));
        if (condition > 0)
            register_module("condition", _condition = layers.Dense(condition, outputs * 2, gain: 0));
        if (inputs != outputs)
            register_module("skip", _skip = layers.Conv(inputs, outputs, kernel: 1));
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
