using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Sines, then cosines, of a number at frequencies in geometric order from 1 to 1/10000.</summary>
internal static class PositionalEmbedding
{
    /// <param name="x">[B].</param> <param name="length">Even, 4 or more.</param> <returns>[B, length].</returns>
    internal static Tensor Of(Tensor x, int length)
    {
        using var scope = NewDisposeScope();
        var half = length / 2;
        var frequencies = (arange(half, dtype: x.dtype, device: x.device) * (-Math.Log(10000) / (half - 1))).exp();
        var phase = x.unsqueeze(1) * frequencies;
        return cat([phase.sin(), phase.cos()], 1).MoveToOuterDisposeScope();
    }
}
