using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference.Pictures;

/// <summary>Where a command's pictures go. They are there as a whole or not at all.</summary>
internal abstract class PictureOutput : IDisposable
{
    /// <summary>Adds a picture, or some that belong side by side.</summary>
    /// <param name="name">What it shows, for a file's name; null for nothing beside its number.</param>
    /// <param name="images">[1 or more, 3, S, S] in [-1, 1].</param>
    internal abstract void Add(string? name, Tensor images);

    /// <summary>Puts the pictures in their place.</summary>
    /// <returns>The place.</returns>
    /// <exception cref="BadInputException">They cannot be there.</exception>
    internal abstract string Commit();

    public abstract void Dispose();
}
