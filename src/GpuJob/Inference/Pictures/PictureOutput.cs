using System.CommandLine;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
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

/// <summary>What the command line says of the pictures that a command draws.</summary>
internal sealed class PictureOptions
{
    private const string Png = ".png";
    private const int MaxColumns = 1000;

    private readonly Option<string?> _output;
    private readonly Option<int?> _columns = new("--columns") { Description = "Images in a row of the one picture." };

    internal PictureOptions(Command command)
    {
        _output = Target.AddTo(command, $"A file that ends with {Png}, for one picture of all images; or a folder, for a {Png} file of each.", required: true);
        command.Options.Add(_columns);
    }

    /// <param name="columns">Unless the command line says it.</param>
    /// <param name="count">Images that are to be drawn.</param>
    /// <exception cref="OptionsException">The name says neither a picture nor a folder, or a value is out of range.</exception>
    internal PictureOutput Open(ParseResult parsed, int columns, int count, Recipe recipe)
    {
        var ((path, force), chosen) = (Target.Read(parsed, _output), parsed.GetValue(_columns));
        if (chosen is { } given)
            columns = InputOptions.WholeNumber(_columns, given, 1, MaxColumns);
        if (path!.EndsWith(Png, StringComparison.OrdinalIgnoreCase))        // required
        {
            ThrowUnlessItFits(path, count, Math.Min(columns, count), recipe.Image.Size);
            return new PictureFile(path, force, columns);
        }

        return Path.EndsInDirectorySeparator(path) || !Path.HasExtension(path)
            ? new PictureFolder(Path.TrimEndingDirectorySeparator(path), force)
            : throw new OptionsException(_output.Name, path, $"a file that ends with {Png}, or a folder; put a slash behind a folder's name that has a dot");
    }

    /// <summary>Before anything is computed.</summary>
    private static void ThrowUnlessItFits(string path, int count, int columns, int size)
    {
        try
        {
            var (width, height) = PictureGrid.Measure(count, columns, size);
            _ = Picture.ByteCount(width, height);
        }
        catch (BadImageException large)
        {
            throw new BadInputException($"'{path}' cannot hold {count} images: {large.Message}. Name a folder with --output.", large);
        }
    }
}

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

/// <summary>
/// A folder with a PNG for each picture, <c>000000.png</c> or <c>000000-NAME.png</c>. It is written aside, then renamed;
/// into a folder that is there, its files are moved one by one.
/// </summary>
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
