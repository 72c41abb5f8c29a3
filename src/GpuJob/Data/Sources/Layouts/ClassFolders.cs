using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// <c>class/name.jpg</c>, with a folder of splits above the classes or below them. The class is the first folder below those that all images share, as in
/// torchvision's <c>ImageFolder</c>. Images without classes lie in no folder, in folders of splits, or in folders such as <c>bedroom_train</c> and
/// <c>bedroom_val</c>. Image files that lie outside the folders of a source, or split, that has some are no part of it.
/// </summary>
/// <remarks>A folder is a split if it and all beside it are called so: beside <c>car</c> and <c>bus</c>, <c>train</c> is a class.</remarks>
internal sealed partial class ClassFolders : IImageLayout
{
    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var files = tree.Files.Where(SourceImage.IsNamedSo).Select(file => new Placed(file, file.Path.Split('/')[..^1])).ToList();
        var inFolders = files.Where(each => each.Folders.Length > 0).ToList();
        var (images, layout) = inFolders.Count == 0
            ? ([.. files.Select(each => new SourceImage(each.File.Path, Split: null, SourceImage.Unlabelled, each.File))], "images without classes")
            : inFolders.All(each => SplitSuffix().IsMatch(each.Folders[^1])) ? ([.. inFolders.Select(BySuffix)], "folders class_split")
            : ByFolders(inFolders);
        return Task.FromResult<ImageListing?>(new ImageListing(images)
        {
            Layout = layout, IsUsed = _ => false, Doubt = new SplitFolders(inFolders.ConvertAll(each => each.Folders)).Doubt(),
        });
    }

    private static (List<SourceImage> Images, string Layout) ByFolders(List<Placed> files)
    {
        var splits = new SplitFolders(files.ConvertAll(file => file.Folders));
        var placed = files.ConvertAll(file => file with { Split = splits.Of(file.Folders), Folders = splits.Without(file.Folders) });
        if (placed.Exists(each => each.Split is not null))
        {
            // Around splits of images without classes the folder of the whole set is no class.
            var around = CommonFolders(placed.ConvertAll(each => each.Folders), most: files.Min(file => splits.Depth(file.Folders)));
            placed = placed.ConvertAll(each => each with { Folders = each.Folders[around..] });
        }

        var classed = placed.Where(each => each.Folders.Length > 0).ToList();
        if (classed.Count == 0)
            return Listing("images without classes", placed.ConvertAll(each => each.As(SourceImage.Unlabelled)));
        var shared = CommonFolders(classed.ConvertAll(each => each.Folders), most: classed.Min(each => each.Folders.Length) - 1);
        var trained = ClassesOf(placed.Where(each => each.Split is null or SplitNames.Train));
        var images = placed.GroupBy(each => each.Split).SelectMany(split =>
        {
            var classes = ClassesOf(split);
            // val/images/name.jpg beside train/car/name.jpg tells no class, no more than val/name.jpg.
            return classes.Count == 0 || classes.Count == 1 && trained.Count > 1 && !classes.Overlaps(trained)
                ? split.Select(each => each.As(null))
                : split.Where(each => each.Folders.Length > shared).Select(each => each.As(each.Folders[shared]));
        });
        return Listing("folders of classes", [.. images]);

        HashSet<string> ClassesOf(IEnumerable<Placed> some) =>
            [.. some.Where(each => each.Folders.Length > shared).Select(each => each.Folders[shared])];
    }

    private static (List<SourceImage> Images, string Layout) Listing(string layout, List<SourceImage> images)
    {
        var splits = images.Select(image => image.Split).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return (images, layout + (splits.Count > 0 ? $" in splits {string.Join(", ", splits)}" : ""));
    }

    /// <summary>How many folders all paths begin with.</summary>
    private static int CommonFolders(List<string[]> paths, int most) =>
        Enumerable.Range(0, most).TakeWhile(depth => paths.TrueForAll(path => depth < path.Length && path[depth] == paths[0][depth])).Count();

    private static SourceImage BySuffix(Placed image)
    {
        var name = SplitSuffix().Match(image.Folders[^1]);
        return new SourceImage(image.File.Path, SplitNames.Of(name.Groups["split"].Value), name.Groups["class"].Value, image.File);
    }

    [GeneratedRegex("^(?<class>.+)_(?<split>train|val|test)$", RegexOptions.CultureInvariant)]
    private static partial Regex SplitSuffix();

    /// <param name="Folders">That the file lies in, from the outermost.</param>
    private sealed record Placed(SourceFile File, string[] Folders, string? Split = null)
    {
        internal SourceImage As(string? className) => new(File.Path, Split, className, File);
    }
}

/// <summary>Which folders are splits: those that, with all beside them, are called so.</summary>
/// <param name="paths">Folders of each image, from the outermost.</param>
internal sealed class SplitFolders(IReadOnlyList<string[]> paths)
{
    /// <summary>By the folder that they lie in: the names of all folders in it, and what folders those have.</summary>
    private readonly Dictionary<string, ILookup<string, string?>> _beside = paths
        .SelectMany(path => path.Select((name, depth) => (Above: string.Join('/', path[..depth]), Name: name, Below: path.ElementAtOrDefault(depth + 1))))
        .Distinct()
        .GroupBy(folder => folder.Above, StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key, group => group.ToLookup(folder => folder.Name, folder => folder.Below, StringComparer.Ordinal), StringComparer.Ordinal);

    private readonly Dictionary<string, bool> _areSplits = new(StringComparer.Ordinal);

    /// <summary>The split of an image, or null.</summary>
    internal string? Of(string[] path) => path.Where((_, depth) => IsSplit(path, depth)).Select(NameOf).FirstOrDefault();

    /// <summary>The folders that are no splits.</summary>
    internal string[] Without(string[] path) => [.. path.Where((_, depth) => !IsSplit(path, depth))];

    /// <summary>How many folders lie above the first split; all of them if there is none.</summary>
    internal int Depth(string[] path) => path.TakeWhile((_, depth) => !IsSplit(path, depth)).Count();

    /// <summary>
    /// Tells of folders that look like splits, with the same classes below, beside others: read as classes they would mix what training must keep apart.
    /// </summary>
    /// <returns>What a source has, to continue a sentence; null where nothing is in doubt.</returns>
    internal string? Doubt()
    {
        foreach (var (above, folders) in _beside)
        {
            var named = folders.Where(folder => NameOf(folder.Key) is not null).ToList();
            var others = folders.Select(folder => folder.Key).Where(name => NameOf(name) is null).Order(StringComparer.Ordinal).ToList();
            if (others.Count == 0 || named.Find(folder => NameOf(folder.Key) is SplitNames.Train) is not { } train)
                continue;
            if (named.Find(folder => folder != train && FormOf(folder.Key) == FormOf(train.Key)
                && folder.OfType<string>().Intersect(train, StringComparer.Ordinal).Any()) is { } other)
            {
                return $"has the folders '{train.Key}' and '{other.Key}' with the same classes in them{(above.Length > 0 ? $", in '{above}'," : "")} "
                    + $"and beside them '{others[0]}', which is no split. Allowed beside splits: train, test, val and their long forms. "
                    + $"Move '{others[0]}' elsewhere, or give it such a name.";
            }
        }

        return null;
    }

    private bool IsSplit(string[] path, int depth)
    {
        var above = string.Join('/', path[..depth]);
        if (!_areSplits.TryGetValue(above, out var areSplits))
            _areSplits[above] = areSplits = AreSplits([.. _beside[above].Select(folder => folder.Key)]);
        return areSplits || depth > 0 && path[depth] == path[depth - 1] && IsSplit(path, depth - 1);        // test_set/test_set/cat
    }

    /// <remarks>Names that only hold the word must be alike but for it: training_set and test_set are, training_set and test_tube are not.</remarks>
    private static bool AreSplits(List<string> names) =>
        names.TrueForAll(name => SplitNames.Of(name) is not null)
        || names.TrueForAll(name => SplitNames.In(name) is not null) && names.DistinctBy(SplitNames.In).Count() > 1
        && names.Where(name => SplitNames.Of(name) is null).DistinctBy(SplitNames.Around).Count() == 1;

    private static string? NameOf(string folder) => SplitNames.Of(folder) ?? SplitNames.In(folder);

    /// <summary>What a folder's name has in common with those of other splits: <c>*_set</c>.</summary>
    private static string? FormOf(string folder) => SplitNames.Of(folder) is null ? SplitNames.Around(folder) : "*";
}

/// <summary>A way in which images and their classes lie in files.</summary>
internal interface IImageLayout
{
    /// <returns>The images; null when the files are not laid out so.</returns>
    /// <exception cref="BadInputException">They are, but something is missing or damaged.</exception>
    Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop);
}
