using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// ImageNet as it is published: <c>ILSVRC2012_img_train.tar</c>, a tar of a tar for each class; <c>ILSVRC2012_img_val.tar</c> without
/// classes; and <c>ILSVRC2012_devkit_t12.tar.gz</c>, which tells those. Classes are named by their WordNet ids, such as n01440764, and
/// labels are in the order of these, as everywhere.
/// </summary>
internal sealed partial class ImageNet : IImageLayout
{
    private const string TruthName = "ILSVRC2012_validation_ground_truth.txt";
    private const string MetaName = "meta.mat";

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var unlabelled = tree.Files.Where(file => ValidationName().IsMatch(file.Name) && !WordNetId().IsMatch(FolderOf(file))).ToList();
        if (unlabelled.Count == 0)
            return Task.FromResult<ImageListing?>(null);
        var classes = ValidationClasses(tree);
        var validation = unlabelled.Select(file => new SourceImage(file.Path, SplitNames.Validation, classes(file), file));
        var training = tree.Files.Where(file => SourceImage.IsNamedSo(file) && WordNetId().IsMatch(FolderOf(file)))
            .Select(file => new SourceImage(file.Path, SplitNames.Train, FolderOf(file), file));
        return Task.FromResult<ImageListing?>(new ImageListing([.. training, .. validation]) 
        {
            Layout = "ImageNet as it is published",
            IsUsed = file => file.Name is TruthName or MetaName,
        });
    }

    /// <summary>The class of a validation image, by its number.</summary>
    private static Func<SourceFile, string> ValidationClasses(SourceTree tree)
    {
        var ids = Encoding.ASCII.GetString(Needed(tree, TruthName).Read()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wordNetIds = WordNetIds(Needed(tree, MetaName), tree.Address);
        return file =>
        {
            var number = int.Parse(ValidationName().Match(file.Name).Groups["number"].Value, CultureInfo.InvariantCulture);
            if (number < 1 || number > ids.Length)
                throw new BadInputException($"'{TruthName}' of '{tree.Address}' has {ids.Length} lines and none for '{file.Name}'.");
            return long.TryParse(ids[number - 1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && wordNetIds.TryGetValue(id, out var name)
                ? name
                : throw new BadInputException($"Line {number} of '{TruthName}' of '{tree.Address}' is '{ids[number - 1]}', which is no class of '{MetaName}'.");
        };
    }

    private static SourceFile Needed(SourceTree tree, string name) =>
        tree.Files.FirstOrDefault(file => file.Name == name)
            ?? throw new BadInputException($"{tree.Called} has validation images of ImageNet without classes, and no '{name}', which tells them. "
                + "Put ILSVRC2012_devkit_t12.tar.gz beside the images.");

    private static Dictionary<long, string> WordNetIds(SourceFile meta, string address)
    {
        try
        {
            var synsets = MatFile.ReadStruct(meta.Read(), "synsets");
            return synsets["ILSVRC2012_ID"].Zip(synsets["WNID"]).ToDictionary(pair => (long)(double)pair.First, pair => (string)pair.Second);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or KeyNotFoundException or InvalidCastException or ArgumentException)
        {
            throw new BadInputException($"'{meta.Path}' of '{address}' is not ImageNet's list of classes: {wrong.Message}", wrong);
        }
    }

    private static string FolderOf(SourceFile file) => file.Path.Split('/') is [.., var folder, _] ? folder : "";

    [GeneratedRegex(@"^ILSVRC2012_val_(?<number>\d{8})\.JPEG$", RegexOptions.CultureInvariant)]
    private static partial Regex ValidationName();

    [GeneratedRegex(@"^n\d{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex WordNetId();
}
