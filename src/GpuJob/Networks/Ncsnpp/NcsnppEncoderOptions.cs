using System.Text.Json;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>How an NCSN++ encoder reads the anchor out of its feature maps. Fields and their JSON names are those of the published configurations.</summary>
internal sealed record NcsnppEncoderOptions
{
    /// <summary>Channels that a feature map is reduced to.</summary>
    public int NumBaseChannels { get; init; } = 20;

    /// <summary>Length of the vectors between the linear layers.</summary>
    public int NumBaseUnits { get; init; } = 200;

    /// <summary>Linear layers of a feature map, 1 or more.</summary>
    public int NumLatentTransformationLayers { get; init; } = 2;

    /// <summary>Resolutions in pixels whose feature maps are read; null for all.</summary>
    public int[]? LatentTransformationResolutions { get; init; }

    /// <summary>Of the published networks for 256 pixels.</summary>
    internal static NcsnppEncoderOptions Images256 { get; } = new() { LatentTransformationResolutions = [64, 32, 16, 8, 4] };

    internal bool Reads(FeatureMap map) => LatentTransformationResolutions?.Contains(map.Resolution) != false;

    /// <exception cref="OptionsException">A field is unknown.</exception>
    internal static NcsnppEncoderOptions Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<NcsnppEncoderOptions>(json, PublishedJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new OptionsException([new Problem($"encoder{wrong.Path?.TrimStart('$')}", "not readable", wrong.Message)]);
        }
    }

    /// <exception cref="OptionsException">Lists every field with a value that is not allowed.</exception>
    internal void Validate(NcsnppOptions network)
    {
        var problems = new Problems();
        problems.Unless(NumBaseChannels is >= 1 and <= 4096, "num_base_channels", NumBaseChannels, "1 to 4096");
        problems.Unless(NumBaseUnits is >= 1 and <= 65536, "num_base_units", NumBaseUnits, "1 to 65536");
        problems.Unless(NumLatentTransformationLayers is >= 1 and <= 16, "num_latent_transformation_layers", NumLatentTransformationLayers, "1 to 16");
        var resolutions = Enumerable.Range(0, network.ChMult.Length).Select(network.Resolution).ToList();
        var given = LatentTransformationResolutions ?? [.. resolutions];
        problems.Unless(given.Length > 0 && given.All(resolutions.Contains), "latent_transformation_resolutions", $"[{string.Join(", ", given)}]",
            $"some of the network's resolutions {string.Join(", ", resolutions)}, or null for all");
        problems.ThrowIfAny();
    }
}
