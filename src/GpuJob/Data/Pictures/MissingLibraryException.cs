namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>A library of the operating system is not installed.</summary>
internal sealed class MissingLibraryException(string library, string package, Exception cause)
    : Exception($"{library} is not installed on this machine. Install it: apt-get install {package}", cause);
