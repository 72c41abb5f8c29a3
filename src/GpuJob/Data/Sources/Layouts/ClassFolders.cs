using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// <c>class/name.jpg</c> or <c>split/class/name.jpg</c>. Images without classes lie in no folder, in folders of splits, or in folders such as <c>bedroom_train</c> and
/// <c>bedroom_val</c>. Image files that lie outside the folders of a source that has some are no part of it.
/// </summary>
internal sealed partial class ClassFolders : IImageLayout
{
    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var files = tree.Files.Where(SourceImage.IsNamedSo).Select(file => (file, Folders: file.Path.Split('/')[..^1])).ToList();
        var inFolders = files.Where(each => each.Folders.Length > 0).ToList();
        var images = inFolders.Count == 0 ? files.Select(each => new SourceImage(each.file.Path, Split: null, SourceImage.Unlabelled, each.file))
            : inFolders.All(each => SplitSuffix().IsMatch(each.Folders[^1])) ? inFolders.Select(BySuffix)
            : inFolders.Select(ByFolder);
        return Task.FromResult<ImageListing?>(new ImageListing([.. images]));
    }

    private static SourceImage ByFolder((SourceFile File, string[] Folders) image)
    {
        var (file, folders) = image;
        var above = folders.Length > 1 ? SplitNames.Of(folders[^2]) : null;
        return above is null && SplitNames.Of(folders[^1]) is { } split
            ? new SourceImage(file.Path, split, SourceImage.Unlabelled, file)
            : new SourceImage(file.Path, above, folders[^1], file);
    }

    private static SourceImage BySuffix((SourceFile File, string[] Folders) image)
    {
        var name = SplitSuffix().Match(image.Folders[^1]);
        return new SourceImage(image.File.Path, SplitNames.Of(name.Groups["split"].Value), name.Groups["class"].Value, image.File);
    }

    [GeneratedRegex("^(?<class>.+)_(?<split>train|val|test)$", RegexOptions.CultureInvariant)]
    private static partial Regex SplitSuffix();
}
