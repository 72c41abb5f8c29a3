using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>A test of numbers in which every rounding counts; skipped where libtorch rounds in another way than it did for the files.</summary>
internal sealed class FilesArithmeticTheoryAttribute : TheoryAttribute
{
    private const string Version = "1.13";

    public FilesArithmeticTheoryAttribute()
    {
        if (!Avx512F.IsSupported || !__version__.StartsWith(Version, StringComparison.Ordinal))
            Skip = $"The files were computed by libtorch {Version} with AVX-512; this is libtorch {__version__}{(Avx512F.IsSupported ? "" : " without it")}, whose kernels add in another order.";
    }
}
