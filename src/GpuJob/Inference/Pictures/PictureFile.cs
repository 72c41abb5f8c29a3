using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference.Pictures;

/// <summary>One PNG with all pictures in rows. They fit into one; that was looked at before.</summary>
/// <param name="replace">Whether a file of that name may go.</param>
internal sealed class PictureFile(string path, bool replace, int columns) : PictureOutput
{
    private readonly OutputFile _file = OutputFile.Create(path, replace);
    private readonly List<Tensor> _images = [];

    internal override void Add(string? name, Tensor images) => _images.Add(images.clone().DetachFromDisposeScope());

    internal override string Commit()
    {
        using var scope = NewDisposeScope();
        var all = cat([.. _images]);
        _file.Stream.Write(PictureGrid.Png(all, (int)Math.Min(columns, all.shape[0])));
        _file.Commit();
        return path;
    }

    public override void Dispose()
    {
        _file.Dispose();
        foreach (var image in _images)
            image.Dispose();
    }
}
