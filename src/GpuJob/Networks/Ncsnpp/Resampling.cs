using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Changes of resolution without weights: through the filter, or by the mean of four places and by repeating each.</summary>
internal static class Resampling
{
    internal static nn.Module<Tensor, Tensor> Halve(NcsnppOptions options) => options.Fir ? new FirFilter(options.FirKernel, FirMode.Halve) : new MeanOfFour();

    internal static nn.Module<Tensor, Tensor> Double(NcsnppOptions options) =>
        options.Fir ? new FirFilter(options.FirKernel, FirMode.Double) : nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest);
}
