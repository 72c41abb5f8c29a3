using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The image encoder, which maps an image to its anchor; the field <c>network</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "network")]
[JsonDerivedType(typeof(SmallEncoderRecipe), "small")]
[JsonDerivedType(typeof(NcsnppEncoderRecipe), "ncsnpp")]
[JsonDerivedType(typeof(ResNetEncoderRecipe), "resnet")]
public abstract record EncoderRecipe
{
    private protected const string Section = "encoder";

    /// <summary>Length of anchors and latents, the dimension d of the latent space.</summary>
    public required int LatentDimension { get; init; }

    internal void Validate(Problems problems, ImageRecipe image)
    {
        problems.Unless(LatentDimension is >= 1 and <= 4096, $"{Section}.latentDimension", LatentDimension, "1 to 4096");
        ValidateNetwork(problems, image);
    }

    private protected abstract void ValidateNetwork(Problems problems, ImageRecipe image);
}

/// <summary>For small images on a processor: residual blocks at falling resolution, then a linear map to the anchor.</summary>
public sealed record SmallEncoderRecipe : EncoderRecipe
{
    /// <summary>Channels at each resolution, the first at half the image's size; each a multiple of 8.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Residual blocks at each resolution.</summary>
    public required int Blocks { get; init; }

    private protected override void ValidateNetwork(Problems problems, ImageRecipe image) => SmallNetwork.Validate(problems, Section, Channels, Blocks, image);
}

/// <summary>What the small encoder and decoder demand alike of their layout.</summary>
internal static class SmallNetwork
{
    /// <summary>Group normalisation works on groups of this many channels.</summary>
    private const int GroupSize = 8;

    internal static void Validate(Problems problems, string section, int[] channels, int blocks, ImageRecipe image)
    {
        problems.Unless(channels.Length is >= 1 and <= 8, $"{section}.channels", new JsonText(channels), "1 to 8 numbers, one for each resolution");
        problems.Unless(channels.All(count => count is >= GroupSize and <= 4096 && count % GroupSize == 0), $"{section}.channels", new JsonText(channels),
            "multiples of 8 up to 4096");
        foreach (var size in new[] { image.Size, image.TrainingSize() }.Distinct())
            problems.Unless(size % (1L << channels.Length) == 0, $"{section}.channels", new JsonText(channels),
                $"so many resolutions that images of {size} pixels can be halved as often");
        problems.Unless(blocks is >= 1 and <= 16, $"{section}.blocks", blocks, "1 to 16");
    }
}

/// <summary>The published encoder of case 2: a ResNet with GroupNorm and a projection head whose result is the anchor.</summary>
public sealed record ResNetEncoderRecipe : EncoderRecipe
{
    private static readonly SortedDictionary<int, int[]> BlocksOfDepth = new()
    {
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
        [200] = [3, 24, 36, 3],
    };

    private static readonly int[] Widths = [64, 128, 256, 512];

    /// <summary>Groups of every GroupNorm.</summary>
    public const int Groups = 32;

    /// <summary>Number of layers: 50, 101, 152 or 200.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>
    /// With selective kernels, the width of their mixing layer over their outputs', 0.0625 in the published networks; 0 for a network without them.
    /// </summary>
    public double SkRatio { get; init; }

    /// <summary>Linear layers of the head.</summary>
    public int HeadLayers { get; init; } = 2;

    /// <summary>Channels inside the blocks of the four stages, and how many blocks each has.</summary>
    public IEnumerable<(int Width, int Blocks)> Stages() => Widths.Zip(BlocksOfDepth[Depth]);

    public bool HasSelectiveKernels() => SkRatio > 0;

    /// <summary>Channels between the two layers that weigh the kernels of a block with so many outputs.</summary>
    public int MixingWidth(int outputs) => Math.Max((int)(outputs * SkRatio), Groups);

    private protected override void ValidateNetwork(Problems problems, ImageRecipe image)
    {
        problems.Unless(BlocksOfDepth.ContainsKey(Depth), $"{Section}.depth", Depth, string.Join(", ", BlocksOfDepth.Keys));
        problems.Unless(SkRatio is >= 0 and <= 1, $"{Section}.skRatio", SkRatio, "0 (none) to 1");
        problems.Unless(SkRatio is < 0 or > 1 || Widths.All(width => MixingWidth(width) % Groups == 0),
            $"{Section}.skRatio", SkRatio, "such that ratio times 64, 128, 256 and 512 are multiples of 32 or below it, such as 0.0625");
        problems.Unless(LatentDimension % Groups == 0, $"{Section}.latentDimension", LatentDimension, "for this network a multiple of 32");
        problems.Unless(HeadLayers is >= 1 and <= 16, $"{Section}.headLayers", HeadLayers, "1 to 16");
    }
}

/// <summary>The published encoder of cases 1 and 3: the way down and the middle of an NCSN++, whose feature maps are read by heads.</summary>
public sealed record NcsnppEncoderRecipe : EncoderRecipe
{
    public required NcsnppForm Form { get; init; }

    public NcsnppHeads Heads { get; init; } = new();

    private protected override void ValidateNetwork(Problems problems, ImageRecipe image)
    {
        image.RequireOneSize(problems, "the heads of network ncsnpp are made for one size");
        var form = NcsnppForm.At($"{Section}.form");
        Form.Validate(problems, form, image.Size);
        Heads.Validate(problems, NcsnppForm.At($"{Section}.heads"), [.. Form.ChMult.Select((_, level) => image.Size >> level)]);
    }
}

/// <summary>
/// How an NCSN++ encoder reads the anchor out of its feature maps: each gives a vector, and the anchor is their sum.
/// Names and defaults are those of the published configurations.
/// </summary>
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
