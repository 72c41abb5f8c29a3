using System.Globalization;
using System.Text;
using System.Text.Json;
using LznPipeline.GpuJob.Data.Pictures;
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

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var found = tree.Files.Where(file => file.EndsWith(LabelEnding)).ToList();
        var keysOfLabels = found.Select(Key).ToHashSet(StringComparer.Ordinal);
        if (!tree.Files.Any(file => SourceImage.IsNamedSo(file) && keysOfLabels.Contains(Key(file))))
            return Task.FromResult<ImageListing?>(null);        // LaTeX has files of this ending, too
        var names = ClassNames(tree);
        var labels = ByKey(tree, found);
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
        var classes = names ?? ImageListing.Numbered(images.Select(image => image.Class!));      // each has one here
        return Task.FromResult<ImageListing?>(new ImageListing(images, classes)
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

    /// <summary>Path up to the first dot of the name; all of it without one.</summary>
    private static string Key(SourceFile file) => file.Path[..(file.Path.Length - file.Name.Length + file.Name.Split('.')[0].Length)];

    private static string? SplitOf(SourceFile file) => file.Path.Split('/')[..^1].Select(SplitNames.In).FirstOrDefault(split => split is not null);

    private static string ClassOf(SourceFile label, string[]? names)
    {
        var text = TextOf(label).Trim();
        if (names is null)
            return text.Length > 0 ? text : throw new BadInputException($"The label '{label.Path}' is empty.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Length
            ? names[number]
            : throw new BadInputException($"The label '{label.Path}' is '{text}'. Allowed by the manifest: 0 to {names.Length - 1}.");
    }

    private static string TextOf(SourceFile label)
    {
        try
        {
            var text = StrictUtf8.GetString(label.Read());
            return text.Trim().Any(char.IsControl) ? throw new BadImageException("it is no text, but has control characters") : text;
        }
        catch (Exception wrong) when (wrong is DecoderFallbackException or BadImageException)
        {
            throw new BadInputException(
                $"The label '{label.Path}' cannot be read: {wrong.Message.TrimEnd('.')}. Allowed: a number or a name, in UTF-8.", wrong);
        }
    }

    private static string[]? ClassNames(SourceTree tree)
    {
        if (tree.Files.FirstOrDefault(file => file.Name == ManifestName) is not { } manifest)
            return null;
        try
        {
            return JsonSerializer.Deserialize<DatasetManifest>(manifest.Read(), LznJson.Options)?.Classes;
        }
        catch (Exception other) when (other is JsonException or BadImageException)
        {
            return null;        // of some other program
        }
    }
}
