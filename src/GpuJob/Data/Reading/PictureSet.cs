using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>The pictures of a split by number, in the order of its shards. Any number of threads may read at once.</summary>
/// <param name="recipe">What is still to be done with the pictures.</param>
internal abstract class PictureSet(ImageRecipe recipe) : IDisposable
{
    internal abstract int Count { get; }

    /// <summary>What is still to be done with the pictures.</summary>
    internal ImageRecipe Recipe => recipe;

    internal abstract long LabelOf(int number);

    /// <summary>Where the picture came from, relative to the dataset's source.</summary>
    internal abstract string PathOf(int number);

    /// <summary>Width and height of the whole picture.</summary>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    internal abstract (int Width, int Height) Measure(int number);

    /// <param name="reduction">1, 2, 4 or 8: by how much smaller it may be decoded.</param>
    /// <param name="decoder">The calling thread's. Its next picture may overwrite this one.</param>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    internal abstract Picture Read(int number, int reduction, PictureDecoder decoder);

    public abstract void Dispose();
}
