using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Tests.Data.Augmentation;

/// <summary>Images that Pillow and torchvision make; <c>golden/make.py</c> says how.</summary>
internal static class Golden
{
    internal static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Augmentation", "golden", name));

    internal static Picture Picture(string name) => GpuJob.Data.Pictures.Picture.Decode(File($"{name}.png"));

    /// <summary>R, G, B, [3, n].</summary>
    internal static byte[] Planes(string name) => Planes(Picture(name));

    internal static byte[] Planes(Picture picture)
    {
        var count = picture.Width * picture.Height;
        return [.. Enumerable.Range(0, 3 * count).Select(index => picture.Pixels[index % count * 3 + index / count])];
    }
}
