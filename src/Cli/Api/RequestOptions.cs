using System.CommandLine;
using System.Text.Json;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Sources;

namespace LznPipeline.Cli.Api;

/// <summary>The options that both <c>train</c> and <c>demo</c> turn into a request.</summary>
internal sealed class RequestOptions
{
    internal Option<string?> Data { get; } = new("--data")
    {
        Description =
            "A folder, an archive (tar, zip, 7z) or a parquet file of images, or blob:NAME of such a file in the container; "
            + "docs/data.md says what may be inside.",
    };

    internal Option<string[]> Classes { get; } = new("--class")
    {
        Description = "Take the images of this class alone. May be repeated.",
        DefaultValueFactory = _ => []
    };

    internal Option<int?> MaxImages { get; } = new("--max-images") { Description = "Take at most so many images, spread over the classes." };

    internal Option<BadImagePolicy> OnBadImage { get; } = new("--on-bad-image")
    {
        Description = "What a broken image does: fail ends the run and names it, skip leaves it out and counts it in the dataset's manifest.",
        DefaultValueFactory = _ => BadImagePolicy.Fail,
    };

    internal Option<string> Preset { get; } = new("--preset")
    {
        Description = $"One of {string.Join(", ", Presets.Names)}.",
        DefaultValueFactory = _ => "case3-small"
    };

    internal Option<long> Seed { get; } = new("--seed") { Description = "Chooses weights, order and noise; another seed is another run." };

    internal Option<string[]> Set { get; } = new("--set")
    {
        Description = "Change a field of the preset, such as training.iterations=300. May be repeated.",
        DefaultValueFactory = _ => [],
    };

    internal IEnumerable<Option> All => [Data, Classes, MaxImages, OnBadImage, Preset, Seed, Set];

    /// <summary>The overrides as a request has them.</summary>
    /// <param name="unlessGiven">Those of the command, in the form of <c>--set</c>.</param>
    internal SortedDictionary<string, JsonElement> Overrides(ParseResult parsed, params IEnumerable<string> unlessGiven) =>
        RecipeOverrides.Parse([.. unlessGiven, .. parsed.GetRequiredValue(Set)]);

    /// <param name="source">As <see cref="Source"/> gives it.</param>
    internal DatasetRequest Dataset(string source, ParseResult parsed) => new()
    {
        Name = NameOf(source),
        Source = source,
        Classes = parsed.GetRequiredValue(Classes) is { Length: > 0 } chosen ? chosen : null,
        MaxImages = parsed.GetValue(MaxImages),
        OnBadImage = parsed.GetValue(OnBadImage),
    };

    /// <summary>A folder or file as the jobs, which run elsewhere, find it.</summary>
    internal static string Source(string given, string option = "--data", string allowed = "a folder, an archive (tar, zip, 7z) or a parquet file of images")
    {
        if (SourceAddress.BlobOf(given) is not null)
            return given;
        var path = Path.GetFullPath(given);
        return Path.Exists(path) ? path : throw new CliException($"{option} is '{given}', but there is no {path}. Give {allowed}, or blob:NAME.");
    }

    /// <summary>A name in storage made from a path: lower-case letters, digits and hyphens.</summary>
    internal static string NameOf(string source)
    {
        var letters = Path.GetFileNameWithoutExtension(source.TrimEnd('/')).ToLowerInvariant()
            .Select(each => char.IsAsciiLetterOrDigit(each) ? each : '-').ToArray();
        var name = new string(letters).Trim('-');
        return name.Length is > 0 and <= 63 ? name : "images";
    }
}
