using System.CommandLine;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Inference.Pictures;

/// <summary>What the command line says of the pictures that a command draws.</summary>
internal sealed class PictureOptions
{
    private const string Png = ".png";
    private const int MostColumns = 1000;

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
            columns = InputOptions.WholeNumber(_columns, given, 1, MostColumns);
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
