using LznPipeline.Shared.Options;
using LznPipeline.Shared.Sources;

namespace LznPipeline.Shared.Requests;

/// <summary>Where images come from, and how to choose and split them.</summary>
public sealed record DatasetRequest
{
    /// <summary>Name in storage: lower-case letters, digits and hyphens, 1 to 63.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// A folder, an archive (tar, zip, 7z) or a parquet file that the jobs can read, or <c>blob:NAME</c> for such a file in the container.
    /// <c>docs/data.md</c> says what may be inside.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Takes the images of these classes alone; of all if left out.</summary>
    public string[]? Classes { get; init; }

    /// <summary>Takes at most so many images, spread evenly over the classes; all if left out.</summary>
    public int? MaxImages { get; init; }

    /// <summary>Part of each class held out for the test split, if the source has no test split of its own.</summary>
    public double TestFraction { get; init; } = 0.15;

    /// <summary>What a broken image does.</summary>
    public BadImagePolicy OnBadImage { get; init; } = BadImagePolicy.Fail;

    internal void Validate(Problems problems)
    {
        Names.Validate(problems, "dataset.name", Name);
        SourceAddress.Validate(problems, "dataset.source", Source,
            "a folder, an archive (tar, zip, 7z) or a parquet file, or blob:NAME of such a file in the container");
        problems.Unless(Classes is null || Classes.Length > 0 && Classes.Distinct(StringComparer.Ordinal).Count() == Classes.Length,
            "dataset.classes", Classes is null ? null : $"[{string.Join(", ", Classes)}]", "names of classes, none twice, or leave it out for all");
        problems.Unless(MaxImages is null or >= 2, "dataset.maxImages", MaxImages, "2 or more, or leave it out for all");
        problems.Unless(TestFraction is > 0 and < 1, "dataset.testFraction", TestFraction, "between 0 and 1, both excluded");
    }
}

public enum BadImagePolicy
{
    /// <summary>The job fails and names the file.</summary>
    Fail,

    /// <summary>The image is left out; the manifest counts and names it.</summary>
    Skip,
}
