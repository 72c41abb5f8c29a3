using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Requests;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>Which images of a source form which split. It depends on the paths and the request alone.</summary>
internal sealed class SplitPlan
{
    internal const string Train = "train";
    internal const string Test = "test";
    private const string Validation = "val";

    private SplitPlan(string[] classes, IReadOnlyList<SourceImage> train, IReadOnlyList<SourceImage> test) =>
        (Classes, Splits) = (classes, new SortedDictionary<string, IReadOnlyList<SourceImage>>(StringComparer.Ordinal) { [Test] = test, [Train] = train });

    /// <summary>In ordinal order; a label is an index into them.</summary>
    internal string[] Classes { get; }

    /// <summary>Images of each split, classes mixed.</summary>
    internal SortedDictionary<string, IReadOnlyList<SourceImage>> Splits { get; }

    /// <summary>Chooses images and splits them.</summary>
    /// <remarks>
    /// A source with a test split keeps it; <c>val</c> stands in for a missing one and otherwise joins the training images, since nothing is tuned on it. A source
    /// without either has a part of each class held out. <see cref="DatasetRequest.MaxImages"/> takes the same number of each class as long as classes last.
    /// </remarks>
    /// <exception cref="BadInputException">No images, or a class that cannot be split.</exception>
    internal static SplitPlan Make(IReadOnlyList<SourceImage> images, DatasetRequest request)
    {
        if (images.Count == 0)
            throw new BadInputException($"dataset.source '{request.Source}' has no images. Expected are files class/name.jpg or .png, or split/class/name.jpg with split train, test or val.");
        var classes = images.Select(image => image.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();

        var testName = images.Any(image => image.Split == Test) ? Test : Validation;
        var (test, train) = (images.Where(image => image.Split == testName).ToList(), images.Where(image => image.Split != testName).ToList());
        var held = test.Count > 0
            ? (Train: Spread(train, request.MaxImages - TestShare(request)), Test: Spread(test, TestShare(request)))
            : HoldOut(Spread(train, request.MaxImages), request.TestFraction);
        return new SplitPlan(classes, held.Train, held.Test).Checked();
    }

    /// <summary>The same plan without some images.</summary>
    /// <exception cref="BadInputException">Too few are left.</exception>
    internal SplitPlan Where(Func<SourceImage, bool> keep) =>
        new SplitPlan(Classes, [.. Splits[Train].Where(keep)], [.. Splits[Test].Where(keep)]).Checked();

    private SplitPlan Checked()
    {
        if (Splits[Test].Count == 0)
            throw new BadInputException("No image is left for the test split.");
        foreach (var name in Classes.Where(name => Splits[Train].All(image => image.Class != name)))
            throw new BadInputException($"Class '{name}' has no image to train on. Raise dataset.maxImages, add images, or leave the class out.");
        return this;
    }

    private static int? TestShare(DatasetRequest request) =>
        request.MaxImages is { } all ? Math.Clamp((int)Math.Round(all * request.TestFraction), 1, all - 1) : null;

    /// <summary>The first of every class, then the second of every class, and so on.</summary>
    private static List<SourceImage> Spread(IEnumerable<SourceImage> images, int? most) =>
        [.. images.GroupBy(image => image.Class, StringComparer.Ordinal)
            .SelectMany(ofClass => ofClass.OrderBy(image => image.Rank, StringComparer.Ordinal).Select((image, place) => (image, place)))
            .OrderBy(each => each.place).ThenBy(each => each.image.Rank, StringComparer.Ordinal)
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

    private static List<SourceImage> Mix(List<SourceImage> images) => [.. images.OrderBy(image => image.Rank, StringComparer.Ordinal)];
}
