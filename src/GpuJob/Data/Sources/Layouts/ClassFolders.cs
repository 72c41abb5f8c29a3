using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// <c>class/name.jpg</c>, with a folder of splits above the classes or below them. Images without classes lie in no folder, in folders of splits, or in folders
/// such as <c>bedroom_train</c> and <c>bedroom_val</c>. Image files that lie outside the folders of a source that has some are no part of it.
/// </summary>
/// <remarks>
/// A folder is a split if it and all beside it are called so: beside <c>car</c> and <c>bus</c>, <c>train</c> is a class. Where each class has one folder of the
/// same name, as in <c>class/images/name.jpg</c>, that tells nothing.
/// </remarks>
internal sealed partial class ClassFolders : IImageLayout
{
    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var files = tree.Files.Where(SourceImage.IsNamedSo).Select(file => (File: file, Folders: file.Path.Split('/')[..^1])).ToList();
        var inFolders = files.Where(each => each.Folders.Length > 0).ToList();
        var (images, layout) = inFolders.Count == 0
            ? ([.. files.Select(each => new SourceImage(each.File.Path, Split: null, SourceImage.Unlabelled, each.File))], "images without classes")
            : inFolders.All(each => SplitSuffix().IsMatch(each.Folders[^1])) ? ([.. inFolders.Select(BySuffix)], "folders class_split")
            : ByFolders(inFolders);
        return Task.FromResult<ImageListing?>(new ImageListing(images) { Layout = layout, IsUsed = _ => false });
    }

    private static (List<SourceImage> Images, string Layout) ByFolders(List<(SourceFile File, string[] Folders)> files)
    {
        var splitsBelow = files
            .SelectMany(file => file.Folders.Select((name, depth) => (Above: string.Join('/', file.Folders[..depth]), Name: name))).Distinct()
            .GroupBy(folder => folder.Above, StringComparer.Ordinal).Where(group => group.All(folder => SplitNames.Of(folder.Name) is not null))
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var read = files.Select(file => (file.File, Split: SplitOf(file.Folders), Folders: ClassesOf(file.Folders))).ToList();
        if (read.Exists(each => each.Split is not null))
        {
            // Around splits of images without classes the folder of the whole set is no class.
            var above = files.Min(file =>
                Array.FindIndex([.. file.Folders.Select((_, depth) => IsSplit(file.Folders, depth))], isSplit => isSplit) is var depth and >= 0
                    ? depth
                    : file.Folders.Length);
            var around = Enumerable.Range(0, above).TakeWhile(depth => read.TrueForAll(each => each.Folders[depth] == read[0].Folders[depth])).Count();
            read = [.. read.Select(each => each with { Folders = each.Folders[around..] })];
        }

        var tellsNothing = read.All(each => each.Folders.Length > 1)
            && read.DistinctBy(each => each.Folders[^1]).Count() == 1
            && read.DistinctBy(each => each.Folders[^2]).Count() > 1;
        var images = read.Select(each => new SourceImage(
            each.File.Path, each.Split, (tellsNothing ? each.Folders[..^1] : each.Folders).LastOrDefault(SourceImage.Unlabelled), each.File)).ToList();
        var splits = images.Select(image => image.Split).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return (
            images,
            (read.Exists(each => each.Folders.Length > 0) ? "folders of classes" : "images without classes")
            + (splits.Count > 0 ? $" in splits {string.Join(", ", splits)}" : ""));

        bool IsSplit(string[] folders, int depth) => splitsBelow.Contains(string.Join('/', folders[..depth]));

        string? SplitOf(string[] folders) => folders.Where((_, depth) => IsSplit(folders, depth)).Select(SplitNames.Of).FirstOrDefault();

        string[] ClassesOf(string[] folders) => [.. folders.Where((_, depth) => !IsSplit(folders, depth))];
    }

    private static SourceImage BySuffix((SourceFile File, string[] Folders) image)
    {
        var name = SplitSuffix().Match(image.Folders[^1]);
        return new SourceImage(image.File.Path, SplitNames.Of(name.Groups["split"].Value), name.Groups["class"].Value, image.File);
    }

    [GeneratedRegex("^(?<class>.+)_(?<split>train|val|test)$", RegexOptions.CultureInvariant)]
    private static partial Regex SplitSuffix();
}

/// <summary>A way in which images and their classes lie in files.</summary>
internal interface IImageLayout
{
    /// <returns>The images; null when the files are not laid out so.</returns>
    /// <exception cref="BadInputException">They are, but something is missing or damaged.</exception>
    Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop);
}
