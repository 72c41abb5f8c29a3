namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>
/// A test on the real images of the folder <c>LZN_DATA_DIR</c>, or of <c>shared/data</c> beside the repository; skipped where there is neither. A folder that
/// is named and lacks them fails it.
/// </summary>
internal sealed class RealImagesFactAttribute : FactAttribute
{
    public RealImagesFactAttribute()
    {
        if (Tar is null)
            Skip = "LZN_DATA_DIR is not set, and there is no cifar10-train.tar in shared/data beside the repository.";
    }

    /// <summary>20,000 CIFAR-10 images in ten classes, split/class/name.jpg.</summary>
    internal static string? Tar { get; } = Find("cifar10-train.tar");

    private static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable("LZN_DATA_DIR") is { Length: > 0 } folder)
            return Path.Combine(folder, name);
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (Path.Combine(above.FullName, "shared", "data", name) is var file && File.Exists(file))
                return file;
        }

        return null;
    }
}
