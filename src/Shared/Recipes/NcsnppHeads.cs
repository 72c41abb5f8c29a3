using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How an NCSN++ encoder reads the anchor out of its feature maps: each gives a vector, and the anchor is their sum. Names and defaults are those of the published configurations.</summary>
public sealed record NcsnppHeads
{
    /// <summary>Channels that a feature map is reduced to.</summary>
    public int NumBaseChannels { get; init; } = 20;

    /// <summary>Length of the vectors between the linear layers.</summary>
    public int NumBaseUnits { get; init; } = 200;

    /// <summary>Linear layers of a feature map, 1 or more.</summary>
    public int NumLatentTransformationLayers { get; init; } = 2;

    /// <summary>Resolutions in pixels whose feature maps are read; null for all.</summary>
    public int[]? LatentTransformationResolutions { get; init; }

    /// <summary>Whether feature maps of this resolution are read.</summary>
    public bool Reads(int resolution) => LatentTransformationResolutions?.Contains(resolution) != false;

    /// <param name="name">The path under which the author knows a property.</param>
    /// <param name="resolutions">Those that the network has.</param>
    public void Validate(Problems problems, Func<string, string> name, IReadOnlyList<int> resolutions)
    {
        problems.Unless(NumBaseChannels is >= 1 and <= 4096, name(nameof(NumBaseChannels)), NumBaseChannels, "1 to 4096");
        problems.Unless(NumBaseUnits is >= 1 and <= 65536, name(nameof(NumBaseUnits)), NumBaseUnits, "1 to 65536");
        problems.Unless(NumLatentTransformationLayers is >= 1 and <= 16, name(nameof(NumLatentTransformationLayers)), NumLatentTransformationLayers, "1 to 16");
        var given = LatentTransformationResolutions ?? [.. resolutions];
        problems.Unless(given.Length > 0 && given.All(resolutions.Contains), name(nameof(LatentTransformationResolutions)), new JsonText(given),
            $"some of the network's resolutions {string.Join(", ", resolutions)}, or null for all");
    }
}
