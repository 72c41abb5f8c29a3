using System.Globalization;
using System.Text;
using System.Text.Json;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// WebDataset shards: <c>KEY.jpg</c>, or another image's ending, with the label in <c>KEY.cls</c>. The split is told by a folder or by the shard's name, such
/// as <c>train-00000.tar</c>. Labels that are numbers keep their order; the manifest of a dataset of this pipeline gives them names.
/// </summary>
internal sealed class WebDataset : IImageLayout
{
    private const string LabelEnding = ".cls";
    private const string ManifestName = "manifest.json";

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        if (!tree.Files.Any(file => file.EndsWith(LabelEnding)))
            return Task.FromResult<ImageListing?>(null);
        var names = ClassNames(tree);
        var labels = ByKey(tree, tree.Files.Where(file => file.EndsWith(LabelEnding)));
        _ = ByKey(tree, tree.Files.Where(SourceImage.IsNamedSo));
        var images = new List<SourceImage>();
        foreach (var file in tree.Files.Where(SourceImage.IsNamedSo))
        {
            stop.ThrowIfCancellationRequested();
            if (!labels.TryGetValue(Key(file), out var label))
                throw new BadInputException($"Image '{file.Path}' of '{tree.Address}' has no label beside it. "
                    + $"A WebDataset has KEY{LabelEnding} for each image KEY.jpg, KEY.png or the like.");
            images.Add(new SourceImage(file.Path, SplitOf(file), ClassOf(label, names), file));
        }

        var keys = images.Select(image => Key((SourceFile)image.File)).ToHashSet(StringComparer.Ordinal);
        return Task.FromResult<ImageListing?>(new ImageListing(images, names ?? Numbered(images))
        {
            Layout = "a WebDataset", IsUsed = file => keys.Contains(Key(file)) && !SourceImage.IsNamedSo(file) || file.Name is ManifestName,
        });
    }

    /// <exception cref="BadInputException">Two files have one key.</exception>
    private static Dictionary<string, SourceFile> ByKey(SourceTree tree, IEnumerable<SourceFile> files)
    {
        var byKey = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!byKey.TryAdd(Key(file), file))
            {
                throw new BadInputException($"'{byKey[Key(file)].Path}' and '{file.Path}' of '{tree.Address}' have one key, '{Key(file)}', "
                    + "for a WebDataset's key ends at the first dot of a name. Give each sample a key of its own.");
            }
        }

        return byKey;
    }

    /// <summary>Path up to the first dot of the name.</summary>
    private static string Key(SourceFile file) => file.Path[..(file.Path.Length - file.Name.Length + file.Name.IndexOf('.', StringComparison.Ordinal))];

    private static string? SplitOf(SourceFile file) => file.Path.Split('/')[..^1].Select(SplitNames.In).FirstOrDefault(split => split is not null);

    private static string ClassOf(SourceFile label, string[]? names)
    {
        var text = Encoding.UTF8.GetString(label.Read()).Trim();
        if (names is null)
            return text.Length > 0 ? text : throw new BadInputException($"The label '{label.Path}' is empty.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Length
            ? names[number]
            : throw new BadInputException($"The label '{label.Path}' is '{text}'. Allowed by the manifest: 0 to {names.Length - 1}.");
    }

    private static string[]? ClassNames(SourceTree tree)
    {
        if (tree.Files.FirstOrDefault(file => file.Name == ManifestName) is not { } manifest)
            return null;
        try
        {
            return JsonSerializer.Deserialize<DatasetManifest>(manifest.Read(), LznJson.Options)?.Classes;
        }
        catch (JsonException)
        {
            return null;        // of some other program
        }
    }

    /// <summary>Numbers in their own order, not in that of their digits; null when not all are numbers.</summary>
    private static IReadOnlyList<string>? Numbered(List<SourceImage> images)
    {
        var classes = images.Select(image => image.Class!).Distinct(StringComparer.Ordinal).ToList();      // each has one here
        return classes.All(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. classes.OrderBy(name => long.Parse(name, CultureInfo.InvariantCulture))]
            : null;
    }
}
