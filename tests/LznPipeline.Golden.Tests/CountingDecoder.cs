using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>Counts what SciPy calls <c>nfev</c>.</summary>
internal sealed class CountingDecoder(ImageDecoder decoder) : ImageDecoder(nameof(CountingDecoder))
{
    internal int Calls { get; private set; }

    public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt)
    {
        Calls++;
        return decoder.call(latents, labels, t, xt);
    }
}
