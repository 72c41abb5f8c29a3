using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Requests;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>Which images of a source form which split. It depends on the paths and the request alone.</summary>
internal sealed class SplitPlan
{
    internal const string Train = SplitNames.Train;
    internal const string Test = SplitNames.Test;

    private SplitPlan(string[] classes, IReadOnlyList<SourceImage> train, IReadOnlyList<SourceImage> test) =>
        (Classes, Splits) = (classes, new SortedDictionary<string, IReadOnlyList<SourceImage>>(StringComparer.Ordinal) { [Test] = test, [Train] = train });

    /// <summary>A label is an index into them.</summary>
    internal string[] Classes { get; }

    /// <summary>Images of each split, classes mixed.</summary>
    internal SortedDictionary<string, IReadOnlyList<SourceImage>> Splits { get; }

    /// <summary>Chooses images and splits them.</summary>
    /// <remarks>
    /// A source with a test split keeps it; <c>val</c> stands in for a missing one and otherwise joins the training images, since nothing is tuned on it. A source
    /// without either has a part of each class held out. <see cref="DatasetRequest.MaxImages"/> takes the same number of each class as long as classes last.
    /// </remarks>
    /// <exception cref="BadInputException">No images, an unknown class, or a class that cannot be split.</exception>
    internal static SplitPlan Make(ImageListing listing, DatasetRequest request)
    {
        if (listing.Images.Count == 0)
            throw new BadInputException($"dataset.source '{request.Source}' {listing.Lack}");
        var (images, classes) = Chosen(listing, request);
        var testName = images.Any(image => image.Split == Test) ? Test : SplitNames.Validation;
        var (test, train) = (images.Where(image => image.Split == testName).ToList(), images.Where(image => image.Split != testName).ToList());
        var held = test.Count > 0
            ? (Train: Spread(train, request.MaxImages - TestShare(request)), Test: Spread(test, TestShare(request)))
            : HoldOut(Spread(train, request.MaxImages), request.TestFraction);
        CheckTrain(classes, held.Train.Select(image => image.Class));
        return new SplitPlan(classes, held.Train, held.Test);
    }

    /// <exception cref="BadInputException">A class has no image to train on.</exception>
    internal static void CheckTrain(string[] classes, IEnumerable<string> found)
    {
        if (classes.Except(found, StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new BadInputException($"Class '{missing}' has no image to train on. Raise dataset.maxImages, add images, or leave the class out.");
    }

    private static (IReadOnlyList<SourceImage> Images, string[] Classes) Chosen(ImageListing listing, DatasetRequest request)
    {
        var found = listing.Images.Select(image => image.Class).ToHashSet(StringComparer.Ordinal);
        var classes = (listing.Classes ?? [.. found.Order(StringComparer.Ordinal)]).Where(found.Contains).ToArray();
        if (request.Classes is not { } wanted)
            return (listing.Images, classes);
        if (wanted.Except(classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new BadInputException($"dataset.classes names '{unknown}'. The classes of '{request.Source}' are {Some(classes)}.");
        var chosen = wanted.ToHashSet(StringComparer.Ordinal);
        return ([.. listing.Images.Where(image => chosen.Contains(image.Class))], [.. classes.Where(chosen.Contains)]);
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
        var (train, test) = (new List<SourceImage>(), new List<SourceImage>());
        foreach (var ofClass in images.GroupBy(image => image.Class, StringComparer.Ordinal).Select(group => group.ToArray()))
        {
            if (ofClass.Length < 2)
                throw new BadInputException($"Class '{ofClass[0].Class}' has one image, {ofClass[0].Path}, so none can be held out for testing. Add images, raise dataset.maxImages, or leave the class out.");
            var held = Math.Clamp((int)Math.Round(ofClass.Length * fraction), 1, ofClass.Length - 1);
            test.AddRange(ofClass[^held..]);
            train.AddRange(ofClass[..^held]);
        }

        return (Mix(train), Mix(test));
    }

    private static List<SourceImage> Mix(IEnumerable<SourceImage> images) => [.. images.OrderBy(image => image.Rank)];
}
