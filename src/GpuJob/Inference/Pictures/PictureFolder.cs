using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference.Pictures;

/// <summary>A folder with a PNG for each picture, <c>000000.png</c> or <c>000000-NAME.png</c>. It is written aside, then renamed; into a folder that is there, its files are moved one by one.</summary>
internal sealed class PictureFolder : PictureOutput
{
    private readonly string _path;
    private readonly string _aside;
    private int _count;

    /// <param name="replace">Whether the folder may be there, and files in it be replaced.</param>
    /// <exception cref="BadInputException">It is there, and may not; or there is no folder for it.</exception>
    internal PictureFolder(string path, bool replace)
    {
        if (File.Exists(path))
            throw new BadInputException($"'{path}' is a file. Name a folder with --output, or a file that ends with .png.");
        OutputFile.ThrowUnlessFree(path, replace);
        (_path, _aside) = (path, $"{path}.{Guid.NewGuid():N}.part");
        Directory.CreateDirectory(_aside);
    }

    internal override void Add(string? name, Tensor images)
    {
        var count = (int)images.shape[0];
        var ending = name is null ? "" : $"-{string.Join('_', name.Split(Path.GetInvalidFileNameChars()))}";
        File.WriteAllBytes(Path.Combine(_aside, $"{_count++:D6}{ending}.png"), count == 1 ? PictureGrid.Single(images) : PictureGrid.Png(images, count));
    }

    internal override string Commit()
    {
        if (!Directory.Exists(_path))
            Directory.Move(_aside, _path);
        else
            foreach (var file in Directory.EnumerateFiles(_aside).Order(StringComparer.Ordinal))
                File.Move(file, Path.Combine(_path, Path.GetFileName(file)), overwrite: true);
        return _path;
    }

    public override void Dispose()
    {
        if (Directory.Exists(_aside))
            Directory.Delete(_aside, recursive: true);
    }
}
