using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

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
