using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>Lets libtorch compute on this thread alone, as it did for the files: with more it takes other kernels for small convolutions.</summary>
internal sealed class OneThread : IDisposable
{
    private readonly int _before = get_num_threads();

    internal OneThread() => set_num_threads(1);

    public void Dispose() => set_num_threads(_before);
}
