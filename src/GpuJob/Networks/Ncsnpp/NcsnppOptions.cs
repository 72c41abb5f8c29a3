using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The form of an NCSN++ network for images of one size. Its JSON is the published configurations'.</summary>
internal sealed record NcsnppOptions : NcsnppForm
{
    private static readonly Func<string, string> PublishedName = JsonNamingPolicy.SnakeCaseLower.ConvertName;

    [JsonConstructor]
    public NcsnppOptions()
    {
    }

    [SetsRequiredMembers]
    internal NcsnppOptions(NcsnppForm form, int imageSize)
        : base(form) => ImageSize = imageSize;

    /// <summary>Height and width of images in pixels.</summary>
    public required int ImageSize { get; init; }

    public int NumChannels { get; init; } = 3;

    // The following have one value in all published configurations. They are read so that another value is refused and not passed over.
    public string Normalization { get; init; } = "GroupNorm";

    public string Nonlinearity { get; init; } = "swish";

    public string AttentionType { get; init; } = "ddpm";

    public string ProgressiveCombine { get; init; } = "sum";

    public bool ResampWithConv { get; init; } = true;

    public bool Conditional { get; init; } = true;

    public int ConvSize { get; init; } = 3;

    /// <summary>Channels at each resolution, from the image's down.</summary>
    internal IReadOnlyList<int> Channels => [.. ChMult.Select(multiple => multiple * Nf)];

    internal int Resolution(int level) => ImageSize >> level;

    internal bool AttendsAt(int level) => AttnResolutions.Contains(Resolution(level));

    /// <summary>Length of the condition vector that every block of the decoder sees.</summary>
    internal int ConditionDimension => 4 * Nf;

    /// <exception cref="OptionsException">Lists every field with a value that is not allowed, or the first that is unknown or missing.</exception>
    internal static NcsnppOptions Parse(string json)
    {
        var options = PublishedJson.Read<NcsnppOptions>(json, "network");
        var problems = new Problems();
        options.Validate(problems);
        problems.ThrowIfAny();
        return options;
    }

    /// <summary>The heads of an encoder of this form, as published.</summary>
    /// <exception cref="OptionsException">Lists every field with a value that is not allowed, or the first that is unknown.</exception>
    internal NcsnppHeads ParseHeads(string json)
    {
        var heads = PublishedJson.Read<NcsnppHeads>(json, "encoder");
        var problems = new Problems();
        heads.Validate(problems, PublishedName, [.. ChMult.Select((_, level) => Resolution(level))]);
        problems.ThrowIfAny();
        return heads;
    }

    private void Validate(Problems problems)
    {
        problems.Unless(ImageSize is >= 4 and <= 4096, "image_size", ImageSize, "4 to 4096");
        problems.Unless(NumChannels is >= 1 and <= 64, "num_channels", NumChannels, "1 to 64");
        Validate(problems, PublishedName, ImageSize);
        Only(problems, "normalization", Normalization, "GroupNorm");
        Only(problems, "nonlinearity", Nonlinearity, "swish");
        Only(problems, "attention_type", AttentionType, "ddpm");
        Only(problems, "progressive_combine", ProgressiveCombine, "sum");
        Only(problems, "resamp_with_conv", ResampWithConv, true);
        Only(problems, "conditional", Conditional, true);
        Only(problems, "conv_size", ConvSize, 3);
    }

    private static void Only<T>(Problems problems, string field, T given, T allowed) =>
        problems.Unless(Equals(given, allowed), field, given, $"{allowed}, as in all published networks");
}
