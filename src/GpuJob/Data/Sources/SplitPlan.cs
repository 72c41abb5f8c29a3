using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Requests;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>Which images of a source form which split. It depends on the paths and the request alone.</summary>
internal sealed class SplitPlan
{
    internal const string Train = SplitNames.Train;
    internal const string Test = SplitNames.Test;

    private SplitPlan(string[] classes, IReadOnlyList<SourceImage> train, IReadOnlyList<SourceImage> test, IReadOnlyList<SourceImage> unlabelled) =>
        (Classes, Unlabelled, Splits) = (
            classes,
            unlabelled,
            new SortedDictionary<string, IReadOnlyList<SourceImage>>(StringComparer.Ordinal) { [Test] = test, [Train] = train });

    /// <summary>Whether every class has a single image, so that those held out leave classes without any to train on.</summary>
    private bool IsOneImageEach { get; init; }

    /// <summary>A label is an index into them.</summary>
    internal string[] Classes { get; }

    /// <summary>Images that lack a label where others have one; in no split.</summary>
    internal IReadOnlyList<SourceImage> Unlabelled { get; }

    /// <summary>Images of each split, classes mixed.</summary>
    internal SortedDictionary<string, IReadOnlyList<SourceImage>> Splits { get; }

    /// <summary>Chooses images and splits them.</summary>
    /// <remarks>
    /// A source with a test split keeps it; <c>val</c> stands in for a missing one and otherwise joins the training images, since nothing is tuned on it. A
    /// source without either has a part of each class held out; a class with a single image keeps it for training. Where every class has a single one, a part
    /// of all images is held out: then some classes have none to train on, and only what needs no labels can be trained. <see cref="DatasetRequest.MaxImages"/>
    /// takes the same number of each class as long as classes last.
    /// </remarks>
    /// <exception cref="BadInputException">No images, too few to hold one out, an unknown class, or splits that would be mixed.</exception>
    internal static SplitPlan Make(ImageListing listing, DatasetRequest request)
    {
        if (listing.Images.Count == 0)
            throw new BadInputException($"dataset.source '{request.Source}' {listing.Lack}");
        if (listing.Doubt is { } doubt)
            throw new BadInputException($"dataset.source '{request.Source}' {doubt}");
        var (images, classes) = Chosen(listing, request);
        var testName = images.Any(image => image.Split == Test) ? Test : SplitNames.Validation;
        var (test, train) = (images.Where(image => image.Split == testName).ToList(), images.Where(image => image.Split != testName).ToList());
        var held = test.Count > 0
            ? (Train: Spread(train, request.MaxImages - TestShare(request)), Test: Spread(test, TestShare(request)))
            : HoldOut(Spread(train, request.MaxImages), request.TestFraction);
        var unlabelled = request.Classes is null ? listing.Images.Where(image => image.Class is null) : [];      // of no class that was chosen
        var plan = new SplitPlan(classes, held.Train, held.Test, [.. unlabelled])
        {
            IsOneImageEach = test.Count == 0 && IsOneEach(held.Train.Concat(held.Test))
        };
        plan.CheckTrain(held.Train.Select(image => image.Class!));
        return plan;
    }

    /// <param name="found">Classes of the images to train on.</param>
    /// <exception cref="BadInputException">A class has no image to train on, nor had all a single one.</exception>
    internal void CheckTrain(IEnumerable<string> found)
    {
        if (!IsOneImageEach && Classes.Except(found, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new BadInputException($"Class '{missing}' has no image to train on. Raise dataset.maxImages, add images, or leave the class out.");
    }

    private static bool IsOneEach(IEnumerable<SourceImage> images) =>
        images.CountBy(image => image.Class!, StringComparer.Ordinal).All(each => each.Value == 1);

    /// <summary>The images of the chosen classes, each with a label.</summary>
    private static (IReadOnlyList<SourceImage> Images, string[] Classes) Chosen(ImageListing listing, DatasetRequest request)
    {
        var labelled = listing.Images.Where(image => image.Class is not null).ToList();
        if (labelled.Count == 0)
            throw new BadInputException(
                $"dataset.source '{request.Source}' has a label for none of its {listing.Images.Count} images. Give labels, or leave their column out.");
        var found = labelled.Select(image => image.Class!).ToHashSet(StringComparer.Ordinal);
        var classes = (listing.Classes ?? [.. found.Order(StringComparer.Ordinal)]).Where(found.Contains).ToArray();
        if (request.Classes is not { } wanted)
            return (labelled, classes);
        if (wanted.Except(classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new BadInputException($"dataset.classes names '{unknown}'. The classes of '{request.Source}' are {Some(classes)}.");
        var chosen = wanted.ToHashSet(StringComparer.Ordinal);
        return ([.. labelled.Where(image => chosen.Contains(image.Class!))], [.. classes.Where(chosen.Contains)]);
    }

    private static string Some(string[] classes)
    {
        const int Shown = 20;
        return classes.Length <= Shown ? string.Join(", ", classes) : $"{string.Join(", ", classes.Take(Shown))} and {classes.Length - Shown} more";
    }

    private static int? TestShare(DatasetRequest request) =>
        request.MaxImages is { } all ? Math.Clamp((int)Math.Round(all * request.TestFraction), 1, all - 1) : null;

    /// <summary>The first of every class, then the second of every class, and so on.</summary>
    private static List<SourceImage> Spread(IEnumerable<SourceImage> images, int? most) =>
        [.. images.GroupBy(image => image.Class, StringComparer.Ordinal)
            .SelectMany(ofClass => Mix(ofClass).Select((image, place) => (image, place)))
            .OrderBy(each => each.place).ThenBy(each => each.image.Rank)
            .Select(each => each.image).Take(most ?? int.MaxValue)];

    private static (List<SourceImage> Train, List<SourceImage> Test) HoldOut(List<SourceImage> images, double fraction)
    {
        if (images.Count < 2)
            throw new BadInputException($"{images[0].Path} is the only image, so none can be held out for testing. Add images, or raise dataset.maxImages.");
        var (train, test) = (new List<SourceImage>(), new List<SourceImage>());
        var classes = images.GroupBy(image => image.Class, StringComparer.Ordinal).Select(group => group.ToArray()).ToList();
        if (IsOneEach(images))
            classes = [[.. Mix(images)]];
        var least = classes.Count(ofClass => ofClass.Length > 1) == 1 ? 2 : 1;       // figures compare images, so a single one would be none
        foreach (var ofClass in classes)
        {
            var held = Math.Min(Math.Max((int)Math.Round(ofClass.Length * fraction), least), ofClass.Length - 1);
            test.AddRange(ofClass[^held..]);
            train.AddRange(ofClass[..^held]);
        }

        return (Mix(train), Mix(test));
    }

    private static List<SourceImage> Mix(IEnumerable<SourceImage> images) => [.. images.OrderBy(image => image.Rank)];
}

/// <summary>What splits are called.</summary>
internal static class SplitNames
{
    internal const string Train = "train";
    internal const string Test = "test";
    internal const string Validation = "val";

    private static readonly char[] Digits = [.. "0123456789"];

    /// <summary>The split that a folder of this name holds, or null.</summary>
    internal static string? Of(string folder) => folder.ToLowerInvariant() switch
    {
        "train" or "training" => Train,
        "test" or "testing" => Test,
        "val" or "valid" or "validation" or "dev" or "eval" or "evaluation" => Validation,
        _ => null,
    };

    /// <summary>The split that one of the words of a name says, as in <c>train-00000-of-00010</c>, <c>bedroom_val</c> or <c>train2017</c>; or null.</summary>
    internal static string? In(string name) => WordIn(name) is { } word ? Of(word) : null;

    /// <summary>
    /// A name without the word that says its split: what <c>training_set</c> and <c>test_set</c> have in common. Null for a name without one.
    /// </summary>
    internal static string? Around(string name) => WordIn(name) is { } word ? string.Join('*', name.Split(word, count: 2)) : null;

    private static string? WordIn(string name) =>
        name.Split('-', '_', '.', ' ').Select(word => word.TrimEnd(Digits)).FirstOrDefault(word => Of(word) is not null);
}
