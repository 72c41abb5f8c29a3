namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>An image file cannot be used.</summary>
/// <param name="reason">Continues a sentence that names the file.</param>
internal sealed class BadImageException(string reason) : Exception(reason);
