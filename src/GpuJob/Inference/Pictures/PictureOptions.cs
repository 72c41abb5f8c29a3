using System.CommandLine;
using LznPipeline.Shared.Options;

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
    /// <exception cref="OptionsException">The name says neither a picture nor a folder, or a value is out of range.</exception>
    internal PictureOutput Open(ParseResult parsed, int columns)
    {
        var ((path, force), chosen) = (Target.Read(parsed, _output), parsed.GetValue(_columns));
        if (chosen is { } given)
            columns = InputOptions.WholeNumber(_columns, given, 1, MostColumns);
        if (path!.EndsWith(Png, StringComparison.OrdinalIgnoreCase))        // required
            return new PictureFile(path, force, columns);
        return Path.EndsInDirectorySeparator(path) || !Path.HasExtension(path)
            ? new PictureFolder(Path.TrimEndingDirectorySeparator(path), force)
            : throw new OptionsException(_output.Name, path, $"a file that ends with {Png}, or a folder; put a slash behind a folder's name that has a dot");
    }
}
