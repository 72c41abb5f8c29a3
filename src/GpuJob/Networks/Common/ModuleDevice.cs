using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>
/// Networks and training compute on one device; everything around them (encodings, latents, figures, pictures) is in memory. Whoever asks a network brings its inputs there, and its answers back.
/// </summary>
internal static class ModuleDevice
{
    /// <summary>Where a network computes: where its weights are, or in memory if it has none.</summary>
    internal static Device Device(this nn.Module network) => network.parameters().FirstOrDefault()?.device ?? CPU;
}
