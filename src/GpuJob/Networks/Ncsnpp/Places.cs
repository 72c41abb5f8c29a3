using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>A feature map as a list of places.</summary>
internal static class Places
{
    /// <param name="map">[B, C, H, W].</param> <returns>[B, HW, C], contiguous.</returns>
    internal static Tensor Of(Tensor map) => map.flatten(2).transpose(1, 2).contiguous();

    /// <param name="places">[B, HW, C].</param> <param name="map">Has the height and width.</param> <returns>[B, C, H, W] in the memory of <paramref name="places"/>.</returns>
    internal static Tensor ToMap(Tensor places, Tensor map) => places.transpose(1, 2).view(map.shape[0], places.shape[2], map.shape[2], map.shape[3]);
}
