using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Data.Augmentation;

/// <summary>Paints views of pictures. For one thread at a time; its memory is kept from view to view.</summary>
/// <remarks>
/// On the processor, with vector instructions, and in bytes from beginning to end: so one view after the other passes through the caches, and only a quarter of what floating-point
/// numbers would take goes to the device. benchmarks/RESULTS.md has the figures.
/// </remarks>
internal sealed class ViewPainter
{
    private readonly Resampler _resampler = new();
    private readonly ColorJitter _jitter = new();
    private readonly GaussianBlur _blur = new();

    /// <param name="size">Side of the result in pixels.</param>
    /// <param name="planes">Receives [3, size, size].</param>
    internal void Paint(Picture picture, View view, int size, Span<byte> planes)
    {
        _resampler.ToPlanes(picture, view.Window, size, view.Mirrored, planes);
        foreach (var change in view.Colors)
            _jitter.Apply(planes, change);
        if (view.Gray)
            ColorJitter.ToGray(planes);
        if (view.Blur is var (kernel, sigma))
            _blur.Apply(planes, size, kernel, sigma);
    }
}
