using System.Text.Json;
using System.Text.RegularExpressions;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Sources;

namespace LznPipeline.Shared.Requests;

/// <summary>The body of <c>POST /api/train</c>: train this on that, evaluate it, and publish embeddings of the whole dataset.</summary>
public sealed record TrainRequest
{
    /// <summary>The model's name in the registry: lower-case letters, digits and hyphens, 1 to 63.</summary>
    public required string Name { get; init; }

    public required DatasetRequest Dataset { get; init; }

    /// <summary>One of the presets of <c>configs/</c>.</summary>
    public string Preset { get; init; } = "case3-small";

    /// <summary>Overrides of the preset's fields by path, such as <c>"training.batchSize": 64</c>.</summary>
    public SortedDictionary<string, JsonElement> Set { get; init; } = [];

    /// <summary>Chooses initial weights, data order and noise.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// A checkpoint that training begins with in place of new weights: a file that the jobs can read, or <c>blob:NAME</c>. Its networks are those of the
    /// recipe. With an optimizer's state training goes on at its iteration; without, it begins at the first.
    /// </summary>
    public string? StartFrom { get; init; }

    /// <summary>How many images at least go into one parquet part, 1 to 1,000,000; a part holds whole shards.</summary>
    public int ImagesPerPart { get; init; } = 1000;

    /// <summary>Reads the JSON that a client sent.</summary>
    /// <exception cref="OptionsException">Lists every field that is unknown, missing or of another type.</exception>
    public static TrainRequest Parse(string json) => JsonContract.Read<TrainRequest>(json);

    /// <summary>The same request always has the same id, so posting it twice gives one run. When its preset has changed, it is another request.</summary>
    /// <exception cref="OptionsException">It is not valid.</exception>
    public string RunId() =>
        $"{Name}-"
        + ContentHash.Version(new { Request = this, Recipe = Validate(), CodeVersions.Prepare, CodeVersions.Train, CodeVersions.Evaluate, CodeVersions.Embed });

    /// <summary>Checks every field and returns the recipe that the preset and the overrides give.</summary>
    /// <exception cref="OptionsException">Lists every problem: field, what was given, what is allowed.</exception>
    public Recipe Validate()
    {
        var problems = new Problems();
        Names.Validate(problems, "name", Name);
        Dataset.Validate(problems);
        if (StartFrom is not null)
            SourceAddress.Validate(problems, "startFrom", StartFrom, "a checkpoint file, blob:NAME of one in the container, or leave it out");
        problems.Unless(ImagesPerPart is >= 1 and <= 1_000_000, "imagesPerPart", ImagesPerPart, "1 to 1000000");
        var recipe = Presets.Resolve(Preset, Set, problems);
        problems.ThrowIfAny();
        return recipe!;     // a null recipe comes with a problem
    }
}

/// <summary>Names that become part of blob names and URLs.</summary>
internal static partial class Names
{
    internal static void Validate(Problems problems, string field, string name) =>
        problems.Unless(Allowed().IsMatch(name), field, name, "1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
