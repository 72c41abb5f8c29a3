using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

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

    /// <summary>With selective kernels, the width of their mixing layer over their outputs', 0.0625 in the published networks; 0 for a network without them.</summary>
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
